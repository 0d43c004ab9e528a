#include "work/claim_keeper.hpp"

#include <fmt/format.h>

#include "support/error.hpp"

namespace changeling::work {
namespace {

/// Sources without leases are elsewhere; asking them costs requests.
constexpr Duration question_interval = std::chrono::seconds(30);

}  // namespace

ClaimKeeper::ClaimKeeper(TaskSource& source, SourcedClaim claim, std::string worker, const Clock& clock,
                         std::function<void(std::string_view)> on_message)
    : source_(source),
      claim_(std::move(claim)),
      worker_(std::move(worker)),
      clock_(clock),
      on_message_(std::move(on_message)),
      renewed_at_(clock.now()) {
  if (claim_.task.lease) renewal_interval_ = (claim_.task.lease->expires_at - renewed_at_) / 2;
}

bool ClaimKeeper::holds(run::ClaimMoment moment) {
  if (lost_) return false;
  if (moment == run::ClaimMoment::Publishing) {
    lost_ = !source_.holds(claim_, worker_);
    return !lost_;
  }
  try {
    lost_ = !ask();
    if (!lost_) renew_if_due();
    complained_ = false;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    if (!complained_ && on_message_)
      on_message_(fmt::format("cannot look after the claim now: {}", error.what()));
    complained_ = true;
  }
  return !lost_;
}

bool ClaimKeeper::ask() {
  const Timestamp now = clock_.now();
  const bool has_lease = renewal_interval_ > Duration(0);
  if (!has_lease && asked_at_ && now - *asked_at_ < question_interval) return true;
  asked_at_ = now;
  return source_.holds(claim_, worker_);
}

void ClaimKeeper::renew_if_due() {
  const Timestamp now = clock_.now();
  if (renewal_interval_ <= Duration(0) || now - renewed_at_ < renewal_interval_) return;
  try {
    source_.renew(claim_);
    renewed_at_ = now;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused && error.kind() != ErrorKind::NotFound) throw;
    lost_ = true;
  }
}

}  // namespace changeling::work
