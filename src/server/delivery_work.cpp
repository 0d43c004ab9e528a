#include "server/delivery_work.hpp"

#include <algorithm>

#include "git/clean_environment.hpp"
#include "project/project.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"
#include "webhooks/work_off.hpp"

namespace changeling::server {
namespace {

/// They wait for forges mostly, and each starts runs.
constexpr std::size_t most_at_once = 2;

}  // namespace

DeliveryWork::DeliveryWork(EventLoop& loop, Environment environment, Log log)
    : loop_(loop), environment_(std::move(environment)), log_(std::move(log)) {}

void DeliveryWork::work(const std::string& folder) {
  const bool is_queued = std::find(queue_.begin(), queue_.end(), folder) != queue_.end();
  // A process that is at work may have looked before this one came, so that it gets another.
  if (!is_queued) queue_.push_back(folder);
  start_next();
}

void DeliveryWork::stop() {
  stopped_ = true;
  queue_.clear();
}

void DeliveryWork::start_next() {
  while (!stopped_ && jobs_.size() < most_at_once) {
    const auto next = std::find_if(queue_.begin(), queue_.end(),
                                   [this](const std::string& folder) { return !jobs_.contains(folder); });
    if (next == queue_.end()) return;
    const std::string folder = *next;
    queue_.erase(next);
    start(folder);
  }
}

void DeliveryWork::start(const std::string& folder) {
  try {
    jobs_[folder] =
        std::make_unique<Job>(loop_, again({"__deliver"}, environment_, {{"repository", folder}}), log_,
                              [this, folder](ExitStatus status) { on_end(folder, status); });
  } catch (const Error& error) {
    jobs_.erase(folder);
    log_(std::string("warning: deliveries wait for the next minute: ") + error.what());
  }
}

void DeliveryWork::on_end(const std::string& folder, ExitStatus status) {
  if (!status.success()) log_("warning: working off deliveries ended with " + status.describe());
  jobs_.erase(folder);
  start_next();
}

void be_deliverer(const Json& order, const Environment& environment, const Log& say, const Log& log) {
  catch_interrupts();
  project::Opening opening;
  opening.environment = git::without_repository_variables(environment);
  opening.directories = {json_string(order, "repository").value_or("")};
  opening.on_message = log;
  opening.interrupted = interrupted;
  project::Project project(opening);
  webhooks::work_off(project, [&](std::string_view line) {
    say(without_controls(project.repository().display_name() + ": " + std::string(line)));
  });
  project.finish_alerts();
}

}  // namespace changeling::server
