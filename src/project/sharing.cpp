#include "project/sharing.hpp"

#include <fmt/format.h>

#include <thread>

#include "project/hook_subscriptions.hpp"
#include "project/settings.hpp"
#include "store/task_records.hpp"
#include "store/tracking.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

using std::chrono::milliseconds;

/// For sharing what a run has come to that was interrupted.
constexpr milliseconds patience_after_interrupt{800};

}  // namespace

std::unique_ptr<store::Sync> open_sync(Project& project, const std::string& remote, milliseconds time_limit) {
  store::SyncSettings settings;
  settings.remote = remote;
  settings.lock_file = project.places().local_folder() / "sync.lock";
  settings.time_limit = time_limit;
  settings.sleep = [&project](milliseconds duration) {
    std::this_thread::sleep_for(duration);
    project.interruption().check("talking to the remote");
  };
  settings.warn = [&project](const std::string& warning) { project.message("warning: " + warning); };
  return std::make_unique<store::Sync>(project.repository(), project.git(), project.store(),
                                       std::move(settings));
}

bool shares_by_itself(Project& project) {
  return !project.remote().empty() && switch_setting(project.repository(), "changeling.autosync");
}

milliseconds automatic_time_limit(Project& project) {
  return duration_setting(project.repository(), "changeling.syncTimeout");
}

void share_quietly(Project& project) {
  if (!shares_by_itself(project)) return;
  std::optional<Interruption::Scope> last_moment;
  if (interrupted()) {
    // Who has asked for the end gets it, and the others get what can be said within an instant.
    last_moment.emplace(project.interruption(),
                        [end = std::chrono::steady_clock::now() + patience_after_interrupt] {
                          return std::chrono::steady_clock::now() >= end;
                        });
  }
  try {
    const auto sync = open_sync(project, project.remote(), automatic_time_limit(project));
    const auto result = sync->run();
    if (const auto* synced = std::get_if<store::Synced>(&result)) {
      for (const std::string& warning : synced->warnings) project.message("warning: " + warning);
      if (synced->received) refresh_hook_subscriptions(project);
    } else if (const auto* unreached = std::get_if<store::Unreached>(&result)) {
      project.message(fmt::format("not shared with {} yet: {}", sync->remote(), unreached->reason));
    } else {
      const auto& declined = std::get<store::Declined>(result);
      project.message(fmt::format("{} does not take the state: {}{}", sync->remote(), declined.reason,
                                  declined.hint.empty() ? "" : "; " + declined.hint));
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted && !last_moment) throw;
    project.message(fmt::format("not shared with {} yet: {}", project.remote(), error.what()));
  }
}

bool is_provisional(Project& project, const queue::Task& task) {
  if (!task.lease || !shares_by_itself(project)) return false;
  const auto known = project.repository().resolve(store::tracking_reference(project.remote()));
  if (!known) return true;
  const auto published = store::read_sound_task(store::Snapshot(project.repository(), known), task.id);
  return !published || !published->lease || published->lease->token != task.lease->token;
}

void say_unpublished(Project& project) {
  const std::string& reason = project.tasks().unpublished();
  if (reason.empty()) return;
  project.message(
      fmt::format("noted here, but not shared yet ({}); git changeling sync does it later", reason));
}

void track_state(Project& project, const std::string& remote) {
  git::Repository& repository = project.repository();
  const std::string key = fmt::format("remote.{}.fetch", remote);
  const auto changes =
      store::refspecs_for_state(repository.config_all(key), project.store().reference(), remote);
  for (const std::string& refspec : changes.remove) repository.remove_config(key, refspec);
  for (const std::string& refspec : changes.add) repository.add_config(key, refspec);
}

}  // namespace changeling::project
