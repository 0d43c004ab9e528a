#include "cli/sharing.hpp"

#include <fmt/format.h>

#include <thread>

#include "cli/hook_setup.hpp"
#include "cli/interrupt.hpp"
#include "project/settings.hpp"
#include "store/task_records.hpp"
#include "store/tracking.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

using std::chrono::milliseconds;

/// For sharing what a run has come to that was interrupted.
constexpr milliseconds patience_after_interrupt{800};

}  // namespace

std::unique_ptr<store::Sync> open_sync(Context& context, const std::string& remote, milliseconds time_limit) {
  store::SyncSettings settings;
  settings.remote = remote;
  settings.lock_file = context.places().local_folder() / "sync.lock";
  settings.time_limit = time_limit;
  settings.sleep = [&context](milliseconds duration) {
    std::this_thread::sleep_for(duration);
    context.interruption().check("talking to the remote");
  };
  return std::make_unique<store::Sync>(context.repository(), context.git(), context.store(),
                                       std::move(settings));
}

bool shares_by_itself(Context& context) {
  return !context.remote().empty() && project::switch_setting(context.repository(), "changeling.autosync");
}

milliseconds automatic_time_limit(Context& context) {
  return project::duration_setting(context.repository(), "changeling.syncTimeout");
}

void share_quietly(Context& context) {
  if (!shares_by_itself(context)) return;
  std::optional<Interruption::Scope> last_moment;
  if (interrupted()) {
    // Who has asked for the end gets it, and the others get what can be said within an instant.
    last_moment.emplace(context.interruption(),
                        [end = std::chrono::steady_clock::now() + patience_after_interrupt] {
                          return std::chrono::steady_clock::now() >= end;
                        });
  }
  try {
    const auto sync = open_sync(context, context.remote(), automatic_time_limit(context));
    const auto result = sync->run();
    if (const auto* synced = std::get_if<store::Synced>(&result)) {
      for (const std::string& warning : synced->warnings) context.message("warning: " + warning);
      if (synced->received) refresh_hook_subscriptions(context);
    } else if (const auto* unreached = std::get_if<store::Unreached>(&result)) {
      context.message(fmt::format("not shared with {} yet: {}", sync->remote(), unreached->reason));
    } else {
      const auto& declined = std::get<store::Declined>(result);
      context.message(fmt::format("{} does not take the state: {}{}", sync->remote(), declined.reason,
                                  declined.hint.empty() ? "" : "; " + declined.hint));
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted && !last_moment) throw;
    context.message(fmt::format("not shared with {} yet: {}", context.remote(), error.what()));
  }
}

run::OutboxReport send_outbox(Context& context, run::Due due) {
  // Without entries nothing is opened that a command would not need otherwise.
  if (context.places().outbox().empty()) return {};
  run::Observer observer;
  observer.on_message = [&](std::string_view text) { context.message(text); };
  const run::OutboxReport report = run::send_outbox(context.services(), observer, due);
  for (const std::string& run : report.sent)
    context.message(fmt::format("sent the pull request of run {}", run));
  for (const std::string& reason : report.dropped) context.message("not sent: " + reason);
  for (const std::string& reason : report.refused) context.message("refused for good: " + reason);
  return report;
}

bool is_provisional(Context& context, const queue::Task& task) {
  if (!task.lease || !shares_by_itself(context)) return false;
  const auto known = context.repository().resolve(store::tracking_reference(context.remote()));
  if (!known) return true;
  const auto published = store::read_sound_task(store::Snapshot(context.repository(), known), task.id);
  return !published || !published->lease || published->lease->token != task.lease->token;
}

void say_unpublished(Context& context) {
  const std::string& reason = context.tasks().unpublished();
  if (reason.empty()) return;
  context.message(
      fmt::format("noted here, but not shared yet ({}); git changeling sync does it later", reason));
}

void track_state(Context& context, const std::string& remote) {
  git::Repository& repository = context.repository();
  const std::string key = fmt::format("remote.{}.fetch", remote);
  const auto changes =
      store::refspecs_for_state(repository.config_all(key), context.store().reference(), remote);
  for (const std::string& refspec : changes.remove) repository.remove_config(key, refspec);
  for (const std::string& refspec : changes.add) repository.add_config(key, refspec);
}

}  // namespace changeling::cli
