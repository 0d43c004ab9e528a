#include "server/scheduler.hpp"

#include <fmt/format.h>

#include "git/clean_environment.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"
#include "triggers/tick.hpp"
#include "triggers/tick_files.hpp"

namespace changeling::server {
namespace {

constexpr auto minute = std::chrono::minutes(1);

triggers::RepositoryTick look_at(const std::string& folder, const Environment& environment, const Log& log) {
  project::Opening opening;
  opening.environment = git::without_repository_variables(environment);
  opening.directories = {folder};
  opening.on_message = log;
  opening.interrupted = interrupted;
  const project::Project nowhere(opening);
  return triggers::tick_elsewhere(nowhere, folder, SystemClock().now(), triggers::TickMode::Start);
}

void tell(const triggers::RepositoryTick& tick, const Log& say) {
  if (!tick.problem.empty()) say(without_controls(fmt::format("{}: {}", tick.name, tick.problem)));
  for (const triggers::TickEntry& entry : tick.entries) {
    const auto line = [&](const std::string& what) {
      say(without_controls(fmt::format("{}: {}: {}", tick.name, entry.due.definition.name, what)));
    };
    if (!entry.run.empty()) line("started run " + entry.run);
    if (!entry.skipped.empty()) line("not started: " + entry.skipped);
    if (entry.missed) line("missed: nobody looked at schedules at " + format_timestamp(*entry.missed));
    if (entry.newly_held_back) line("held back: " + entry.due.decision.reason);
  }
}

}  // namespace

Scheduler::Scheduler(EventLoop& loop, const Clock& clock, Environment environment, Log log)
    : loop_(loop), clock_(clock), environment_(std::move(environment)), log_(std::move(log)) {}

void Scheduler::look_after(const std::vector<Served>& repositories) {
  folders_.clear();
  for (const Served& served : repositories) folders_.push_back(served.folder);
}

void Scheduler::start() {
  look();
}

void Scheduler::stop() {
  stopped_ = true;
  next_.reset();
}

void Scheduler::wait_for_the_next_minute() {
  if (stopped_) return;
  const auto passed = clock_.now().time_since_epoch() % minute;
  next_ = loop_.after(minute - passed, [this] { look(); });
}

void Scheduler::look() {
  wait_for_the_next_minute();
  if (look_ || folders_.empty()) return;
  try {
    look_ =
        std::make_unique<Job>(loop_, again({"__tick"}, environment_, {{"repositories", folders_}}), log_,
                              [this](ExitStatus status) {
                                if (!status.success())
                                  log_("warning: looking for what is due ended with " + status.describe());
                                look_.reset();
                              });
  } catch (const Error& error) {
    log_(std::string("warning: schedules were not looked at: ") + error.what());
  }
}

void be_ticker(const Json& order, const Environment& environment, const Log& say, const Log& log) {
  catch_interrupts();
  for (const std::string& folder : json_strings(order, "repositories")) {
    if (interrupted()) return;
    tell(look_at(folder, environment, log), say);
  }
  triggers::write_last_tick(environment, SystemClock().now());
}

}  // namespace changeling::server
