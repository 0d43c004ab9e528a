#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "server/event_loop.hpp"
#include "server/frame.hpp"
#include "server/own_process.hpp"

namespace changeling::server {

/// What a worker answered, or why it did not.
struct WorkerAnswer {
  enum class Outcome {
    Answered,
    Overloaded,  ///< More wait than may; nobody has begun.
    Crashed,     ///< The worker ended in the middle.
    TooSlow,     ///< It took longer than it may, and was killed.
  };
  Outcome outcome = Outcome::Answered;
  Frame frame = {};
};

/// Processes that do what is to do with repositories, each one thing at a time. What waits, waits in one
/// queue. One that crashes is replaced; it costs its request and nobody else's. One thread, that of the loop.
class WorkerPool {
 public:
  struct Settings {
    std::size_t workers = 4;
    std::size_t most_waiting = 128;
    Duration time_limit = std::chrono::seconds(30);  ///< For one request, from when a worker begins.
    std::size_t most_strangers = 32;                 ///< So many requests of strangers wait at most.
  };
  struct Started {
    OwnProcess process;
    FileDescriptor socket;
  };
  using Start = std::function<Started()>;
  using OnAnswer = std::function<void(WorkerAnswer)>;

  /// Starts all of them. What `start` throws is thrown here, and later means that another attempt is made.
  WorkerPool(EventLoop& loop, const Settings& settings, Start start);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Calls back once, also at once.
  void ask(const Frame& question, OnAnswer on_answer);
  /// For somebody who has not logged in: waits until nobody else does, and takes half of the workers at most.
  void ask_for_stranger(const Frame& question, OnAnswer on_answer);
  /// Fresh workers from now on; those that are at work end after it.
  void replace_all();
  std::size_t busy() const;
  std::size_t waiting() const { return queue_.size() + strangers_.size(); }

 private:
  class Worker;
  struct Question {
    std::string bytes;
    OnAnswer on_answer;
  };

  void add_worker();
  void hand_out();
  std::optional<Question> next_question();
  void on_end(Worker& worker);
  void add_worker_later();

  EventLoop& loop_;
  Settings settings_;
  Start start_;
  std::list<std::shared_ptr<Worker>> workers_;
  std::deque<Question> queue_;
  std::deque<Question> strangers_;
  std::size_t strangers_at_work_ = 0;
  EventLoop::Handle next_attempt_;
};

}  // namespace changeling::server
