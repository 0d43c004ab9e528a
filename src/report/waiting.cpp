#include "report/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/halt.hpp"
#include "project/notices.hpp"
#include "triggers/overview.hpp"

namespace changeling::report {
namespace {

/// Collects what is about one of the changelings that were asked for; without any, everything.
class Collector {
 public:
  explicit Collector(const std::vector<std::string>& changelings) : changelings_(changelings) {}

  void add(Waiting one) {
    const bool wanted = changelings_.empty() || std::find(changelings_.begin(), changelings_.end(),
                                                          one.subject) != changelings_.end();
    if (wanted) waiting_.push_back(std::move(one));
  }

  std::vector<Waiting> take() {
    std::stable_sort(waiting_.begin(), waiting_.end(), [](const Waiting& one, const Waiting& two) {
      return std::tie(one.kind, one.subject) < std::tie(two.kind, two.subject);
    });
    return std::move(waiting_);
  }

 private:
  const std::vector<std::string>& changelings_;
  std::vector<Waiting> waiting_;
};

void add_changelings(project::Project& project, Collector& collector) {
  const triggers::Overviews all = triggers::load_overviews(project);
  for (const triggers::ChangelingOverview& overview : all.changelings) {
    const std::string& name = overview.definition.name;
    if (!overview.definition.enabled) continue;
    if (!overview.trusted) {
      collector.add({"trust", name, "it is not approved on this machine", "git changeling trust " + name});
    } else if (!overview.held_back.empty()) {
      collector.add({"schedule", name, overview.held_back, "git changeling show " + name});
    }
  }
}

void add_requests(project::Project& project, Collector& collector) {
  for (const store::PullRequestRecord& request : project.current_requests().open()) {
    collector.add({"request", request.changeling, fmt::format("#{} {}", request.number, request.title),
                   fmt::format("git changeling review show {}", request.number)});
  }
}

void add_outbox(project::Project& project, Collector& collector) {
  for (const project::OutboxEntry& entry : project.places().outbox().entries()) {
    const std::string why = entry.error.empty() ? "" : ": " + entry.error;
    collector.add({"outbox", entry.proposal.changeling,
                   fmt::format("the work of run {} has not been sent{}", entry.proposal.run, why),
                   "git changeling sync"});
  }
}

void add_tasks(project::Project& project, Collector& collector) {
  for (const auto& [status, count] : project.tasks().current_index().counts()) {
    const bool waits = status == queue::TaskStatus::Blocked || status == queue::TaskStatus::Review;
    if (!waits || count == 0) continue;
    const auto word = to_string(status);
    collector.add({"task", "",
                   fmt::format("{} task{} {} {}", count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
                               status == queue::TaskStatus::Review ? "in review" : "blocked"),
                   fmt::format("git changeling task list --status {}", word)});
  }
}

void add_halt(project::Project& project, Collector& collector) {
  const auto halt = project::find_halt(project.repository(), project.places(), project.snapshot());
  if (halt) collector.add({"halt", "", halt->reason, halt->undo});
}

void add_notifications(project::Project& project, Collector& collector) {
  for (const std::string& problem : delivery_problems(project::read_notices(project)))
    collector.add({"notification", "", problem, "git changeling notify list"});
}

}  // namespace

std::vector<Waiting> find_waiting(project::Project& project, const std::vector<std::string>& changelings) {
  Collector collector(changelings);
  add_halt(project, collector);
  add_changelings(project, collector);
  add_requests(project, collector);
  add_outbox(project, collector);
  add_tasks(project, collector);
  add_notifications(project, collector);
  return collector.take();
}

}  // namespace changeling::report
