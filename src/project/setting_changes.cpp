#include "project/setting_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "project/settings.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

/// Numbers, times and policies of the work itself.
constexpr std::array<std::string_view, 16> open_settings{
    "changeling.actionsPoll",     "changeling.autopack",
    "changeling.autosync",        "changeling.base",
    "changeling.branchPrefix",    "changeling.chatMaxCost",
    "changeling.chatMessageCost", "changeling.chatTimeout",
    "changeling.cooldown",        "changeling.dailyBudget",
    "changeling.hookDelay",       "changeling.lease",
    "changeling.maxAttempts",     "changeling.monthlyBudget",
    "changeling.roleLabel",       "changeling.syncTimeout"};

struct Reason {
  std::string_view key;
  std::string_view sentence;
};

constexpr std::array closed_settings{
    Reason{"changeling.action", "it names the program that deployed runs start"},
    Reason{"changeling.apiUrl", "it names the host that tokens are sent to"},
    Reason{"changeling.chatAgent", "it names the program that answers in chats"},
    Reason{"changeling.chatSkills", "it decides what the agent of chats is told to do"},
    Reason{"changeling.disabled", "it is the switch of this machine; PUT and DELETE /halt switch everything"},
    Reason{"changeling.followEpoch", "it lets go of history that others have removed"},
    Reason{"changeling.forge", "it decides the host that tokens are sent to"},
    Reason{"changeling.modalSecret", "it names a secret"},
    Reason{"changeling.notifyCommand", "it names a program that is started"},
    Reason{"changeling.notifyDesktop", "it decides what appears on this machine's screen"},
    Reason{"changeling.notifyMail", "it decides who is told what happens here"},
    Reason{"changeling.notifyMailFrom", "it decides in whose name mail is sent"},
    Reason{"changeling.notifyMailServer", "it names the host that mail and its password are sent to"},
    Reason{"changeling.notifyNtfy", "it names the host that is told what happens here"},
    Reason{"changeling.notifyOn", "it decides what its user is told"},
    Reason{"changeling.notifySlack", "it names the host that is told what happens here, and is a secret"},
    Reason{"changeling.package", "it names a program that is installed for deployed runs"},
    Reason{"changeling.pushRemote", "it decides the host that branches are sent to"},
    Reason{"changeling.ref", "it decides where the state is"},
    Reason{"changeling.remote", "it decides the host that the state is shared with"},
    Reason{"changeling.repositoryId", "it decides which approvals count"},
    Reason{"changeling.runner", "it names the host that deployed runs are on"},
    Reason{"changeling.sandbox", "it decides what holds agents on this machine"},
    Reason{"changeling.serveHost", "it names a host from which browsers may ask"},
    Reason{"changeling.serveTrustedProxy", "it names a host that is believed"},
    Reason{"changeling.serveUrl", "it names the host that links in notifications lead to"},
    Reason{"changeling.sign", "it starts the program that signs"},
    Reason{"changeling.source", "it names the program that deployed runs start"},
    Reason{"changeling.tokenSecret", "it names a secret"},
    Reason{"changeling.unpushed", "it decides which of your commits leave this machine"},
    Reason{"changeling.worktreeRoot", "it names a folder that is written to"},
};

/// Of tasks, only what cannot name anything.
std::string why_field_is_closed(const FieldSpec& field) {
  switch (field.kind) {
    case FieldKind::Integer:
    case FieldKind::Money:
    case FieldKind::TimeSpan:
      return "";
    default:
      return "it decides what runs for a task, and how it is held";
  }
}

void check(Project& project, const SettingChange& change) {
  const std::string why = why_only_here(*change.setting);
  if (!why.empty())
    throw Error(ErrorKind::Refused,
                fmt::format("{} is not changed over the network: {}", change.setting->key, why),
                fmt::format("at the machine: git changeling config set {} VALUE", change.setting->key));
  if (!change.reset) check_setting(*change.setting, project.repository(), change.value);
}

/// git writes it: it takes the lock, and knows where the configuration is.
void write(Project& project, const SettingChange& change) {
  const std::string key(change.setting->key);
  if (!change.reset) {
    project.git().check({"config", "--local", "--replace-all", key, change.value});
    return;
  }
  // What is not set here stays so.
  constexpr int nothing_to_unset = 5;
  const ProcessResult result = project.git().run({"config", "--local", "--unset-all", key});
  if (result.status.success() || result.status.code == nothing_to_unset) return;
  throw Error(ErrorKind::Git, fmt::format("{} could not be taken back: {}", key, result.error));
}

}  // namespace

std::string why_only_here(const Setting& setting) {
  if (setting.field != nullptr) return why_field_is_closed(*setting.field);
  if (std::find(open_settings.begin(), open_settings.end(), setting.key) != open_settings.end()) return "";
  for (const Reason& reason : closed_settings) {
    if (reason.key == setting.key) return std::string(reason.sentence);
  }
  return "nobody has decided yet that it may be";
}

void change_settings(Project& project, const std::vector<SettingChange>& changes) {
  for (const SettingChange& change : changes) check(project, change);
  for (const SettingChange& change : changes) write(project, change);
}

}  // namespace changeling::project
