#include <chrono>
#include <filesystem>

#include "project/halt.hpp"
#include "run/run_session.hpp"
#include "support/error.hpp"

// What may end a run from outside: its user, the halt of everything, and whoever took its lease over.
namespace changeling::run {
namespace {

constexpr auto lease_check_interval = std::chrono::seconds(1);

}  // namespace

bool RunSession::stopped_by_user() {
  if (observer_.stop_requested && observer_.stop_requested()) return true;
  live_server_.serve();
  return live_server_.stop_requested() || std::filesystem::exists(live_.files().stop_request());
}

EndedBy RunSession::look_up() {
  log_.settle(std::chrono::steady_clock::now());
  return stop_reason();
}

EndedBy RunSession::stop_reason() {
  if (observer_.stop_requested && observer_.stop_requested()) return EndedBy::UserRequest;
  if (live_server_.stop_requested()) return EndedBy::UserRequest;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_lease_check_) return EndedBy::Itself;
  next_lease_check_ = now + lease_check_interval;
  if (std::filesystem::exists(live_.files().stop_request()) || is_switched_off()) return EndedBy::UserRequest;
  return holds_lease(ClaimMoment::Working) ? EndedBy::Itself : EndedBy::LostLease;
}

bool RunSession::is_switched_off() {
  const auto halt = project::find_halt(services_.repository, services_.places, services_.store.snapshot());
  if (halt) stop_sentence_ = halt->reason;
  return halt.has_value();
}

bool RunSession::holds_lease(ClaimMoment moment) {
  return live_.holds_lease(services_) && (!request_.holds_claim || request_.holds_claim(moment));
}

std::string RunSession::why_lease_is_lost() const {
  const std::string reason = request_.why_claim_is_lost ? request_.why_claim_is_lost() : "";
  return reason.empty() ? "another run took over" : reason;
}

bool RunSession::end_if_stopped(EndedBy ended_by) {
  if (ended_by == EndedBy::UserRequest) end(store::Outcome::Killed, stop_sentence_);
  if (ended_by == EndedBy::LostLease) end(store::Outcome::LostLease, why_lease_is_lost());
  return ended();
}

/// What other machines have published decides, too. A remote that cannot be reached takes no push either.
void RunSession::catch_up() {
  if (services_.publisher == nullptr) return;
  try {
    const FileLock lock = services_.publisher->begin();
    services_.publisher->catch_up();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) throw;
    if (observer_.on_message) observer_.on_message(error.what());
  }
}

void RunSession::fence() {
  catch_up();
  if (is_switched_off()) {
    end(store::Outcome::Killed, stop_sentence_);
    throw Error(ErrorKind::Refused, stop_sentence_);
  }
  if (holds_lease(ClaimMoment::Publishing)) return;
  end(store::Outcome::LostLease, why_lease_is_lost() + "; nothing was published");
  throw Error(ErrorKind::Conflict, live_.record().error);
}

}  // namespace changeling::run
