#include "server/worker_pool.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "support/error.hpp"

namespace changeling::server {
namespace {

using Outcome = WorkerAnswer::Outcome;

/// So that a worker that cannot even begin is not started a thousand times a second.
constexpr auto pause_before_next = std::chrono::seconds(1);

}  // namespace

/// Our side of one process.
class WorkerPool::Worker {
 public:
  using OnEvent = std::function<void()>;

  Worker(EventLoop& loop, Started started, OnEvent on_free, OnEvent on_end)
      : loop_(loop),
        process_(std::move(started.process)),
        socket_(std::move(started.socket)),
        on_free_(std::move(on_free)),
        on_end_(std::move(on_end)) {
    reading_ = loop_.watch(socket_.get(), EventLoop::Ready::ToRead, [this] { read(); });
  }

  bool is_free() const { return !on_answer_ && !has_ended_ && !retired_; }
  bool is_busy() const { return static_cast<bool>(on_answer_); }
  bool has_ended() const { return has_ended_; }
  bool has_answered() const { return has_answered_; }
  bool is_retired() const { return retired_; }

  void ask(Question question, Duration time_limit) {
    on_answer_ = std::move(question.on_answer);
    unsent_ = std::move(question.bytes);
    limit_ = loop_.after(time_limit, [this] { end(Outcome::TooSlow); });
    write();
  }

  /// Ends after what it does now.
  void retire() {
    retired_ = true;
    if (!is_busy()) end(Outcome::Answered);
  }

 private:
  void write() {
    while (!unsent_.empty()) {
      const ssize_t count = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN && !writing_)
        writing_ = loop_.watch(socket_.get(), EventLoop::Ready::ToWrite, [this] { write(); });
      if (count < 0) return;  // That nobody is there any more shows when reading.
      unsent_.erase(0, static_cast<std::size_t>(count));
    }
    writing_.reset();
  }

  void read() {
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (count > 0) {
        received_.add({buffer.data(), static_cast<std::size_t>(count)});
      } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        return end(Outcome::Crashed);
      } else if (errno == EAGAIN) {
        return take_frame();
      }
    }
  }

  void take_frame() {
    try {
      if (auto frame = received_.next()) finish({Outcome::Answered, std::move(*frame)});
    } catch (const Error&) {
      end(Outcome::Crashed);
    }
  }

  void finish(WorkerAnswer answer) {
    limit_.reset();
    has_answered_ = true;
    const OnAnswer on_answer = std::exchange(on_answer_, nullptr);
    if (on_answer) on_answer(std::move(answer));
    if (retired_) return end(Outcome::Answered);
    on_free_();
  }

  /// Whatever it does: it is killed, and who waits for its answer gets told.
  void end(Outcome outcome) {
    if (has_ended_) return;
    has_ended_ = true;
    limit_.reset();
    reading_.reset();
    writing_.reset();
    ::kill(-process_.id(), SIGKILL);
    process_.reap();
    if (const OnAnswer on_answer = std::exchange(on_answer_, nullptr)) on_answer({outcome, {}});
    on_end_();
  }

  EventLoop& loop_;
  OwnProcess process_;
  FileDescriptor socket_;
  OnEvent on_free_;
  OnEvent on_end_;
  EventLoop::Handle reading_;
  EventLoop::Handle writing_;
  EventLoop::Handle limit_;
  FrameReader received_;
  std::string unsent_;
  OnAnswer on_answer_;
  bool retired_ = false;
  bool has_ended_ = false;
  bool has_answered_ = false;
};

WorkerPool::WorkerPool(EventLoop& loop, const Settings& settings, Start start)
    : loop_(loop), settings_(settings), start_(std::move(start)) {
  for (std::size_t number = 0; number < settings_.workers; ++number) add_worker();
}

WorkerPool::~WorkerPool() = default;

void WorkerPool::add_worker() {
  auto place = workers_.emplace(workers_.end());
  try {
    *place = std::make_shared<Worker>(
        loop_, start_(), [this] { hand_out(); },
        // Not from inside of the worker that ends.
        [this, place] { loop_.post([this, ended = *place] { on_end(*ended); }); });
  } catch (...) {
    workers_.erase(place);
    throw;
  }
}

void WorkerPool::on_end(Worker& ended) {
  const bool was_sound = ended.has_answered() || ended.is_retired();
  std::erase_if(workers_, [&ended](const auto& worker) { return worker.get() == &ended; });
  if (!was_sound) return add_worker_later();
  while (workers_.size() < settings_.workers) {
    try {
      add_worker();
    } catch (const Error&) {
      return add_worker_later();
    }
  }
  hand_out();
}

void WorkerPool::add_worker_later() {
  next_attempt_ = loop_.after(pause_before_next, [this] {
    try {
      while (workers_.size() < settings_.workers) add_worker();
    } catch (const Error&) {
      loop_.post([this] { add_worker_later(); });
    }
    hand_out();
  });
}

void WorkerPool::ask(const Frame& question, OnAnswer on_answer) {
  if (queue_.size() >= settings_.most_waiting) return on_answer({Outcome::Overloaded, {}});
  queue_.push_back({encode(question), std::move(on_answer)});
  hand_out();
}

void WorkerPool::ask_for_stranger(const Frame& question, OnAnswer on_answer) {
  if (strangers_.size() >= settings_.most_strangers) return on_answer({Outcome::Overloaded, {}});
  strangers_.push_back({encode(question), [this, on_answer = std::move(on_answer)](WorkerAnswer answer) {
                          --strangers_at_work_;
                          on_answer(std::move(answer));
                        }});
  hand_out();
}

std::optional<WorkerPool::Question> WorkerPool::next_question() {
  const auto take = [](std::deque<Question>& queue) {
    Question question = std::move(queue.front());
    queue.pop_front();
    return question;
  };
  if (!queue_.empty()) return take(queue_);
  if (strangers_.empty() || strangers_at_work_ >= std::max<std::size_t>(1, settings_.workers / 2))
    return std::nullopt;
  ++strangers_at_work_;
  return take(strangers_);
}

void WorkerPool::hand_out() {
  for (const auto& worker : workers_) {
    if (!worker || !worker->is_free()) continue;
    auto question = next_question();
    if (!question) return;
    worker->ask(std::move(*question), settings_.time_limit);
  }
}

void WorkerPool::replace_all() {
  const auto before = workers_;
  for (const auto& worker : before) worker->retire();
}

std::size_t WorkerPool::busy() const {
  return static_cast<std::size_t>(std::count_if(
      workers_.begin(), workers_.end(), [](const auto& worker) { return worker && worker->is_busy(); }));
}

}  // namespace changeling::server
