// A process of the queue for races and figures, without the command line around it.
//   queue_worker REPOSITORY add COUNT                 adds ready tasks, prints their ids
//   queue_worker REPOSITORY obey OWNER                reads "ID" lines, answers each "won TOKEN" or "lost
//   REASON" queue_worker REPOSITORY drain OWNER LEASE_MS      claims and completes until everything is done
//   queue_worker REPOSITORY claim OWNER COUNT         claims COUNT tasks, prints microseconds a claim
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "store/task_queue.hpp"
#include "support/error.hpp"

using namespace changeling;

namespace {

struct Worker {
  explicit Worker(const std::string& path)
      : repository(git::Repository::discover(path)),
        store(repository, clock, std::string(store::default_reference), {"Worker", "worker@example.com"},
              repository.common_directory() / "changelings" / "store.lock"),
        index(store, repository.common_directory() / "changelings" / "index.sqlite"),
        queue(store, index, clock) {
    store.initialize();
  }
  queue::ClaimTerms terms(const std::string& owner, Duration lease) const {
    return {owner, clock.now(), lease, 0};
  }

  SystemClock clock;
  git::Repository repository;
  store::Store store;
  store::TaskIndex index;
  store::TaskQueue queue;
};

void say(const std::string& line) {
  std::cout << line << '\n' << std::flush;
}

void add(Worker& worker, long count) {
  std::vector<queue::Task> tasks(static_cast<std::size_t>(count));
  for (auto& task : tasks) {
    task.title = "a task";
    task.status = queue::TaskStatus::Ready;
  }
  for (const auto& task : worker.queue.add(std::move(tasks))) say(task.id);
}

void obey(Worker& worker, const std::string& owner) {
  say("ready");
  for (std::string id; std::getline(std::cin, id);) {
    const auto result = worker.queue.claim(id, worker.terms(owner, std::chrono::hours(1)));
    if (const auto* task = std::get_if<queue::Task>(&result)) {
      say(fmt::format("won {}", task->lease->token));
    } else {
      say("lost " + std::get<store::Unclaimable>(result).reason);
    }
  }
}

bool everything_is_done(Worker& worker) {
  for (const auto& [status, count] : worker.queue.current_index().counts()) {
    if (status != queue::TaskStatus::Done && count > 0) return false;
  }
  return true;
}

void drain(Worker& worker, const std::string& owner, Duration lease) {
  for (;;) {
    const auto result = worker.queue.claim(queue::ClaimFilter{}, worker.terms(owner, lease));
    if (const auto* task = std::get_if<queue::Task>(&result)) {
      try {
        worker.queue.complete(task->id, task->lease->token, {}, {});
        say("done " + task->id);
      } catch (const Error& error) {
        // Slower than its lease: somebody else has the task now, and this token is refused.
        if (error.kind() != ErrorKind::Refused) throw;
        say("refused " + task->id);
      }
    } else if (everything_is_done(worker)) {
      return;
    } else {
      // Tasks of killed workers come back when their leases run out.
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

void claim(Worker& worker, const std::string& owner, long count) {
  worker.queue.current_index();
  say("ready");
  std::string go;
  std::getline(std::cin, go);
  const auto start = std::chrono::steady_clock::now();
  long claimed = 0;
  while (claimed < count) {
    const auto result = worker.queue.claim(queue::ClaimFilter{}, worker.terms(owner, std::chrono::hours(1)));
    if (!std::holds_alternative<queue::Task>(result)) break;
    ++claimed;
  }
  const auto spent =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  say(fmt::format("claimed {} in {} us", claimed, spent.count()));
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  try {
    if (arguments.size() < 3) throw Error(ErrorKind::Usage, "see the head of queue_worker.cpp");
    Worker worker(arguments[0]);
    const std::string& what = arguments[1];
    if (what == "add") add(worker, std::stol(arguments[2]));
    if (what == "obey") obey(worker, arguments[2]);
    if (what == "drain") drain(worker, arguments[2], Duration(std::stol(arguments.at(3))));
    if (what == "claim") claim(worker, arguments[2], std::stol(arguments.at(3)));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "queue_worker: " << error.what() << '\n';
    return 1;
  }
}
