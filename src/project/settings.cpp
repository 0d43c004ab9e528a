#include "project/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "project/setting_checks.hpp"
#include "project/task_settings.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

using git::Repository;

constexpr std::string_view section = "changeling.";

constexpr std::array all_settings{
    Setting{"changeling.action", "ACTION", "", "the program must be on the runner's PATH",
            "The action in the generated workflow that brings git-changeling along", any_text},
    Setting{"changeling.actionsPoll", "DURATION", "5s", "",
            "How often GitHub is asked how a run on Actions stands", is_duration},
    Setting{"changeling.apiUrl", "URL", "", "the host's own",
            "Base address of the forge's interface, for GitHub Enterprise", any_text},
    Setting{"changeling.autopack", "N", "4096", "",
            "After so many loose objects those of the state are packed in the background; 0 never, as with "
            "gc.auto 0",
            is_count},
    Setting{"changeling.autosync", "true|false", "true", "",
            "Whether claims and runs share the state with the remote by themselves", is_switch},
    Setting{"changeling.base", "BRANCH", "", "the remote's default branch",
            "The branch that runs start from and propose to", is_branch},
    Setting{"changeling.branchPrefix", "PREFIX", "changelings", "", "What the branches of runs begin with",
            is_branch_prefix},
    Setting{"changeling.chatAgent", "AGENT", "claude", "", "The agent type that answers in chats", any_text},
    Setting{"changeling.chatMaxCost", "USD", "10", "",
            "What the chats of a day may cost on this machine before no further message is answered",
            is_money},
    Setting{"changeling.chatMessageCost", "USD", "1", "", "What the answer to one message of a chat may cost",
            is_money},
    Setting{"changeling.chatSkills", "NAMES", "", "none",
            "Skills that the agent of chats gets, with spaces between", any_text},
    Setting{"changeling.chatTimeout", "DURATION", "10m", "",
            "How long the answer to one message of a chat may take", is_duration},
    Setting{"changeling.cooldown", "DURATION", "1h", "",
            "How long a schedule pauses after two failures in a row, doubled with each further one; 0s never",
            is_duration},
    Setting{"changeling.dailyBudget", "USD", "", "no limit",
            "What all runs of a day may cost before no further one is started", is_money},
    Setting{"changeling.disabled", "true|false", "false", "", "Switches everything off on this machine",
            is_switch},
    Setting{
        "changeling.followEpoch", "N", "", "the next one only",
        "The epoch that a sync may follow the published state into, however far ahead of this clone it is; "
        "for one command: git -c changeling.followEpoch=N changeling sync",
        is_count},
    Setting{"changeling.forge", "local|github", "", "decided by the remote's address",
            "Where pull requests are opened", is_forge},
    Setting{"changeling.hookDelay", "DURATION", "2s", "",
            "How long a git hook waits for further events before they count as one", is_duration},
    Setting{"changeling.lease", "DURATION", "30m", "",
            "How long a claim of a task lasts without being renewed", is_lease},
    Setting{"changeling.maxAttempts", "N", "3", "",
            "After so many failed attempts a task is blocked; 0 is no limit", is_count},
    Setting{"changeling.modalSecret", "NAME", "", "named like the app",
            "The Modal secret with the variables of deployed runs; NAME-publish has the token that may write",
            any_text},
    Setting{"changeling.monthlyBudget", "USD", "", "no limit",
            "What all runs of a month may cost before no further one is started", is_money},
    Setting{"changeling.notifyCommand", "COMMAND", "", "none",
            "A command line that gets each notification as JSON on standard input", any_text},
    Setting{"changeling.notifyDesktop", "true|false", "false", "",
            "Whether notifications are shown on this machine's desktop", is_switch},
    Setting{"changeling.notifyMail", "ADDRESS", "", "no mail", "Who gets notifications by mail",
            is_mail_address, true},
    Setting{"changeling.notifyMailFrom", "ADDRESS", "", "user.email", "Who sends notifications by mail",
            is_mail_address},
    Setting{"changeling.notifyMailServer", "URL", "", "none, and no mail goes out",
            "The server that takes mail, smtp://USER@HOST:587 or smtps; the password is asked from git's "
            "credential helpers",
            is_mail_server},
    Setting{"changeling.notifyNtfy", "URL", "", "none",
            "The topic of ntfy that notifications are posted to, with USER@ where a password is needed",
            is_posting_address, false, nullptr, true},
    Setting{
        "changeling.notifyOn", "WORD", "", "failures, opened-pr, reported, missed, not-started and question",
        "What is notified: an outcome of runs, missed for a schedule's time without a run, not-started for "
        "another trigger's, question for what an agent asks, or all",
        is_notified_word, true},
    Setting{"changeling.notifySlack", "URL", "", "none",
            "The incoming webhook of Slack that notifications are posted to", is_posting_address, false,
            nullptr, true},
    Setting{"changeling.package", "PACKAGE", "", "none", "A Debian package that deployed runs need", any_text,
            true},
    Setting{"changeling.pushRemote", "REMOTE", "", "remote.pushDefault, else changeling.remote",
            "The remote that branches are pushed to, such as a fork", is_remote},
    Setting{"changeling.ref", "REF", "refs/changelings/state", "",
            "The reference of the state; some hosts accept only names below refs/heads/", is_reference},
    Setting{"changeling.remote", "REMOTE", "", "the one that the base follows, else origin",
            "The remote that work is based on and the state is shared through; empty for none", is_remote},
    Setting{"changeling.repositoryId", "ID", "", "made when it is needed",
            "What approvals of this clone are kept under; made by the program", any_text},
    Setting{"changeling.roleLabel", "TEXT", "role-{role}", "", "The label of a role in beads and on GitHub",
            is_role_label},
    Setting{"changeling.runner", "LABEL", "ubuntu-24.04", "",
            "The runner of the generated workflow on GitHub Actions", any_text},
    Setting{
        "changeling.sandbox", "auto|off|required", "auto", "",
        "What holds the commands of runs on this machine whose definition leaves it to auto; with required "
        "no definition may say off",
        is_sandbox_word},
    Setting{"changeling.serveHost", "NAME", "", "loopback names only",
            "A name by which browsers may reach the service, without a port", is_host, true},
    Setting{
        "changeling.serveTrustedProxy", "ADDRESS", "", "none",
        "The address of a proxy whose forwarded headers count, or unix for those on the service's own socket",
        is_proxy, true},
    Setting{"changeling.serveUrl", "URL", "", "notifications name a command instead",
            "Where your browser reaches the service, for links in notifications", is_page_address},
    Setting{"changeling.sign", "true|false", "false", "",
            "Whether our own commits are signed, with the key and program of git's configuration", is_switch},
    Setting{"changeling.source", "SOURCE", "", "the released package",
            "Where a deployed Modal app gets the program from", any_text},
    Setting{"changeling.syncTimeout", "DURATION", "10s", "",
            "What sharing by itself may take before the work goes on without it", is_duration},
    Setting{"changeling.tokenSecret", "NAME", "", "the token of Actions",
            "The repository secret with the token that deployed runs push and open requests with", any_text},
    Setting{"changeling.unpushed", "hold|allow|ignore", "hold", "",
            "What happens to commits of the base that are on no remote: the branch is held here, they go out "
            "with it, or they are ignored",
            is_unpushed_policy},
    Setting{"changeling.worktreeRoot", "FOLDER", "", "below $XDG_STATE_HOME, or ~/.local/state",
            "Where the work trees of runs are made", any_text},
};

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const Setting& setting : settings()) names.emplace_back(setting.key);
  for (const Setting& setting : task_settings()) names.emplace_back(setting.key);
  return names;
}

/// The shortest key that has the word as a part: "dailyBudget" for "budget".
std::optional<std::string> key_with(const std::string& word) {
  constexpr std::size_t shortest_part = 4;
  if (word.size() < shortest_part) return std::nullopt;
  std::optional<std::string> found;
  for (const Setting& setting : settings()) {
    const bool has_it = to_lower(setting.key.substr(section.size())).find(word) != std::string::npos;
    if (has_it && (!found || setting.key.size() < found->size())) found = setting.key;
  }
  return found;
}

/// Compared without the section, which is alike in all of them.
std::optional<std::string> nearest_name(const std::string& unknown) {
  const auto names = known_names();
  std::vector<std::string> lowered;
  for (const std::string& name : names) lowered.push_back(to_lower(name.substr(section.size())));
  const std::string word = full_setting_name(unknown).substr(section.size());
  const auto near = nearest(word, lowered);
  if (!near) return key_with(word);
  return names[static_cast<std::size_t>(std::find(lowered.begin(), lowered.end(), *near) - lowered.begin())];
}

/// What is set, checked, or the fallback; nothing where neither is.
std::optional<std::string> value_of(const Repository& repository, std::string_view key) {
  const Setting& setting = known_setting(key);
  auto value = repository.config(std::string(setting.key));
  if (!value) return setting.fallback.empty() ? std::nullopt : std::optional(std::string(setting.fallback));
  check_setting(setting, repository, *value);
  return value;
}

}  // namespace

std::span<const Setting> settings() {
  return all_settings;
}

std::string full_setting_name(std::string_view key) {
  const std::string name = to_lower(key);
  return name.starts_with(section) ? name : std::string(section) + name;
}

const Setting* find_setting(std::string_view key) {
  const std::string name = full_setting_name(key);
  for (const auto& list : {settings(), task_settings()}) {
    for (const Setting& setting : list) {
      if (to_lower(setting.key) == name) return &setting;
    }
  }
  return nullptr;
}

const Setting& known_setting(std::string_view key) {
  if (const Setting* setting = find_setting(key)) return *setting;
  const auto near = nearest_name(std::string(key));
  throw Error(ErrorKind::NotFound, fmt::format("there is no setting '{}'", shortened(key)),
              near ? fmt::format("did you mean {}?", *near) : "see: git changeling config list");
}

void check_setting(const Setting& setting, const Repository& repository, const std::string& value) {
  if (setting.field != nullptr) {
    parse_task_setting(*setting.field, {value});
    return;
  }
  try {
    setting.check(repository, value);
  } catch (const Error& error) {
    // An example is shown as what can be typed.
    constexpr std::string_view example = "for example ";
    std::string hint = error.hint();
    if (hint.starts_with(example))
      hint = fmt::format("for example: git config {} {}", setting.key, hint.substr(example.size()));
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", setting.key, error.what()), std::move(hint));
  }
}

std::vector<std::string> unknown_settings(const Repository& repository) {
  std::vector<std::string> unknown;
  for (const auto& [name, value] : repository.config_section("changeling")) {
    if (find_setting(name) == nullptr) unknown.push_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  return unknown;
}

std::string complaint_about(const std::string& unknown) {
  const auto near = nearest_name(unknown);
  return fmt::format("the configuration has {}, which means nothing{}", shortened(unknown),
                     near ? fmt::format("; did you mean {}?", *near) : "; see: git changeling config list");
}

std::optional<std::string> text_setting(const Repository& repository, std::string_view key) {
  return value_of(repository, key);
}

bool switch_setting(const Repository& repository, std::string_view key) {
  return parsed_switch(value_of(repository, key).value_or("false"));
}

std::int64_t number_setting(const Repository& repository, std::string_view key) {
  return parsed_count(value_of(repository, key).value_or("0"));
}

Duration duration_setting(const Repository& repository, std::string_view key) {
  return parse_duration(value_of(repository, key).value_or("0s"));
}

std::optional<double> money_setting(const Repository& repository, std::string_view key) {
  const auto value = value_of(repository, key);
  return value ? std::optional(parsed_money(*value)) : std::nullopt;
}

}  // namespace changeling::project
