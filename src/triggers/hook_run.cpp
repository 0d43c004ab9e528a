#include "triggers/hook_run.hpp"

#include <fmt/format.h>

#include <set>
#include <thread>

#include "hooks/hook_input.hpp"
#include "project/branch_prefix.hpp"
#include "project/hook_subscriptions.hpp"
#include "project/settings.hpp"
#include "project/sharing.hpp"
#include "run/start.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::triggers {
namespace {

/// An end to waiting for the end of a burst.
constexpr auto longest_burst = std::chrono::seconds(60);

std::chrono::milliseconds delay(project::Project& project) {
  return project::duration_setting(project.repository(), "changeling.hookDelay");
}

/// One rebase makes an event for each commit. Whoever comes first waits until no more have come for a while;
/// the others only note that they were there. False for them.
bool wait_for_end_of_burst(project::Project& project, const hooks::HookJournal& journal,
                           const std::string& event) {
  journal.note_fired(event);
  const auto lock = FileLock::try_acquire(journal.lock_file(event));
  if (!lock) return false;
  const auto quiet = delay(project);
  const auto give_up = std::chrono::steady_clock::now() + longest_burst;
  while (std::chrono::steady_clock::now() < give_up) {
    const Timestamp now = project.clock().now();
    const auto silent = now - journal.last_fired(event).value_or(now);
    if (silent >= quiet) break;
    std::this_thread::sleep_for(quiet - silent);
  }
  return true;
}

/// Starts one, and says in a sentence what came of it.
std::string start(project::Project& project, const std::string& event, const std::string& name,
                  std::vector<std::string>& started) {
  run::RunOrder order;
  order.changeling = name;
  order.trigger = event;
  try {
    const auto result = run::start(project, order);
    if (const auto* begun = std::get_if<run::Started>(&result)) {
      started.push_back(name);
      return fmt::format("started {}: run {}", name, begun->run);
    }
    const auto* skipped = std::get_if<run::Skipped>(&result);
    return fmt::format("did not start {}: {}", name,
                       skipped != nullptr
                           ? skipped->reason
                           : project::not_trusted(std::get<run::NotTrusted>(result).standing).what());
  } catch (const Error& error) {
    return fmt::format("could not start {}: {}", name, error.what());
  }
}

std::vector<std::string> start_changelings(project::Project& project, const hooks::HookJournal& journal,
                                           const std::string& event) {
  project::share_quietly(project);
  const hooks::Subscriptions subscriptions = project::read_hook_subscriptions(project);
  journal.write_subscriptions(subscriptions);
  const auto note = [&](const std::string& text) {
    journal.log(fmt::format("{}: {}", event, text), project.clock().now());
  };
  std::vector<std::string> started;
  const auto found = subscriptions.find(event);
  if (found == subscriptions.end()) {
    note("no enabled changeling is started by it");
    return started;
  }
  for (const std::string& name : found->second) note(start(project, event, name, started));
  return started;
}

HookOutcome handle(project::Project& project, const hooks::HookJournal& journal, const HookCall& call) {
  std::string reason =
      hooks::reason_to_ignore(call.event, call.arguments, call.input, project.store().reference(),
                              project::branch_prefix(project.repository()));
  if (!reason.empty()) {
    project::refresh_hook_subscriptions(project);
    journal.log(fmt::format("{}: nothing to do, {}", call.event, reason), project.clock().now());
    return {std::move(reason), {}};
  }
  if (!wait_for_end_of_burst(project, journal, call.event)) return {"part of a burst", {}};
  return {"", start_changelings(project, journal, call.event)};
}

}  // namespace

HookOutcome handle_hook(project::Project& project, const HookCall& call) {
  const hooks::HookJournal journal = project::hook_journal(project);
  try {
    return handle(project, journal, call);
  } catch (const Error& error) {
    // In the background nobody reads what this process says.
    journal.log(fmt::format("{}: {}", call.event, error.what()), project.clock().now());
    throw;
  }
}

bool is_caused_by_a_run(project::Project& project) {
  const Environment& environment = project.environment();
  if (environment.get("CHANGELING_RUN") || environment.get("CHANGELING_HOOKS") == "off") return true;
  const auto work_tree = project.repository().work_tree();
  const auto relative = work_tree ? work_tree->lexically_relative(project.places().worktrees()) : "..";
  return !relative.empty() && *relative.begin() != "..";
}

Environment environment_of_person(const Environment& given) {
  Environment environment = git::without_repository_variables(given);
  environment.unset("GIT_CONFIG_PARAMETERS");
  for (const char* name : {"GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"}) environment.unset(name);
  for (const char* word : {"NAME", "EMAIL"}) {
    // git says who wrote the commit, which need not be who is at work here.
    const std::string author = fmt::format("GIT_AUTHOR_{}", word);
    environment.unset(author);
    if (const auto committer = environment.get(fmt::format("GIT_COMMITTER_{}", word)))
      environment.set(author, *committer);
  }
  return environment;
}

}  // namespace changeling::triggers
