#pragma once

#include <optional>
#include <string>

#include "git/repository.hpp"
#include "store/task_queue.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

/// What applies to the claims of one worker.
struct QueueTerms {
  Duration lease{};
  std::int64_t most_attempts = 3;  ///< 0: no limit.
};

/// Tasks of the repository's own queue.
class QueueSource : public TaskSource {
 public:
  /// Both must outlive the source.
  QueueSource(store::TaskQueue& queue, const Clock& clock, const QueueTerms& terms)
      : queue_(queue), clock_(clock), terms_(terms) {}

  std::string_view name() const override { return to_string(SourceKind::Queue); }
  void announce_run(const std::string& run) override { run_ = run; }
  SourceClaim claim(const queue::ClaimFilter& filter, const std::string& worker) override;
  /// Cheap while nothing happens to the state.
  bool holds(const SourcedClaim& claim, const std::string& worker) override;
  void renew(const SourcedClaim& claim) override;
  void finish(const SourcedClaim& claim, const TaskResult& result) override;
  std::vector<queue::Task> peek(const queue::ClaimFilter& filter, std::size_t limit) override;
  std::optional<SourcedClaim> find_claim(const std::string& run) override;

 private:
  /// A claim, and the state at which it was last seen valid.
  struct Seen {
    std::string task;
    std::int64_t token = 0;
    std::optional<git::ObjectId> tip;
  };

  store::TaskQueue& queue_;
  const Clock& clock_;
  QueueTerms terms_;
  std::string run_;
  Seen seen_;
};

}  // namespace changeling::work
