#include "store/request_board.hpp"

#include <algorithm>

namespace changeling::store {
namespace {

/// Between two looks at the lock, for the case that its holder is killed and wakes nobody.
constexpr auto between_looks = std::chrono::microseconds(1'000);
constexpr std::uint32_t most_number = (1U << 29U) - 1;

}  // namespace

Turn RequestBoard::wait(const TryLock& try_lock, const MakeRequest& make_request,
                        std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  Turn turn;
  if ((turn.lock = try_lock())) return turn;
  if (!post(make_request ? make_request() : "")) {
    turn.lock = try_lock();
    return turn;
  }
  for (;;) {
    const RequestState seen = file_->state(*own_);
    if (seen.phase == RequestPhase::Done || seen.phase == RequestPhase::Refused) return withdraw();
    if (auto lock = try_lock()) {
      turn = withdraw();
      if (!turn.is_done) turn.lock = std::move(lock);
      return turn;
    }
    if (std::chrono::steady_clock::now() >= deadline) return withdraw();
    file_->sleep(*own_, seen, between_looks);
  }
}

bool RequestBoard::post(std::string_view request) {
  if (!file_) {
    auto file = BoardFile::open(path_);
    if (!file) return false;
    file_.emplace(std::move(*file));
  }
  if (!own_) own_ = file_->occupy();
  if (!own_ || !file_->write_request(*own_, request)) return false;
  const std::uint32_t last = file_->state(*own_).number;
  file_->set(*own_, {RequestPhase::Waiting, last == most_number ? 0 : last + 1});
  return true;
}

/// Nobody answers the request from now on. What was prepared before may still happen, which shows in the
/// state.
Turn RequestBoard::withdraw() {
  RequestState state = file_->state(*own_);
  while (!file_->change(*own_, state, {RequestPhase::None, state.number})) state = file_->state(*own_);
  Turn turn;
  turn.is_done = state.phase == RequestPhase::Done;
  if (turn.is_done || state.phase == RequestPhase::Prepared) turn.answer = file_->answer(*own_);
  return turn;
}

std::optional<RequestBoard::Request> RequestBoard::take() {
  if (!file_) {
    auto file = BoardFile::open_existing(path_);
    if (!file) return std::nullopt;
    file_.emplace(std::move(*file));
  }
  for (int place = 0; place < BoardFile::places; ++place) {
    const RequestState state = file_->state(place);
    if (place == own_ || state.phase != RequestPhase::Waiting || !file_->is_ours_and_alive(place)) continue;
    Request request{place, state.number, file_->request(place)};
    if (!request.text.empty() && file_->change(place, state, {RequestPhase::Taken, state.number}))
      return request;
  }
  return std::nullopt;
}

bool RequestBoard::prepare(const Request& request, std::string_view answer) {
  return file_->write_answer(request.place, answer) &&
         file_->change(request.place, {RequestPhase::Taken, request.number},
                       {RequestPhase::Prepared, request.number});
}

bool RequestBoard::take_back(const Request& request) {
  return file_->change(request.place, {RequestPhase::Prepared, request.number},
                       {RequestPhase::Taken, request.number});
}

void RequestBoard::finish(const Request& request) {
  if (file_->change(request.place, {RequestPhase::Prepared, request.number},
                    {RequestPhase::Done, request.number}))
    file_->wake(request.place);
}

void RequestBoard::refuse(const Request& request) {
  if (file_->change(request.place, {RequestPhase::Taken, request.number},
                    {RequestPhase::Refused, request.number}))
    file_->wake(request.place);
}

void RequestBoard::wake_next() {
  if (!file_) return;
  std::optional<int> next;
  for (int place = 0; place < BoardFile::places; ++place) {
    if (place == own_ || file_->state(place).phase != RequestPhase::Waiting) continue;
    next = place;
    // What nobody else can do goes first.
    if (file_->request(place).empty()) break;
  }
  if (next) file_->wake(*next);
}

}  // namespace changeling::store
