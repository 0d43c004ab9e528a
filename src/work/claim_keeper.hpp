#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "run/runner.hpp"
#include "support/clock.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

/// Watches over a claim while its task is worked on: makes the lease last when half of it has passed, and
/// tells when the claim is lost. Nothing is renewed more often; each renewal is an operation in the history.
class ClaimKeeper {
 public:
  /// All must outlive the keeper. `on_message` may be empty.
  ClaimKeeper(TaskSource& source, SourcedClaim claim, std::string worker, const Clock& clock,
              std::function<void(std::string_view)> on_message);

  /// For RunRequest::holds_claim. While the agent works, a source that cannot be asked counts as holding; in
  /// front of a publication it throws.
  bool holds(run::ClaimMoment moment);
  /// For RunRequest::why_claim_is_lost.
  std::string why_lost() const { return lost_ ? source_.why_lost(claim_) : ""; }

 private:
  bool ask();
  void renew_if_due();

  TaskSource& source_;
  SourcedClaim claim_;
  std::string worker_;
  const Clock& clock_;
  std::function<void(std::string_view)> on_message_;
  Duration renewal_interval_{};  ///< Zero: there is no lease.
  Timestamp renewed_at_{};
  std::optional<Timestamp> asked_at_;
  bool lost_ = false;
  bool complained_ = false;
};

}  // namespace changeling::work
