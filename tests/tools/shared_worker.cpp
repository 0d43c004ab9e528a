// A process that shares its clone's state with `origin`, for races over several clones and for figures.
//   shared_worker REPOSITORY sync                 both ways, until the remote was reached
//   shared_worker REPOSITORY drain OWNER [BATCH]  claims, BATCH tasks at once, and completes until all is
//   done;
//                                                 says "won ID TOKEN" and "done ID" or "refused ID"
//   shared_worker REPOSITORY wander SEED COUNT    COUNT random operations with syncs in between; says "added
//   ID",
//                                                 "removed ID" and "won ID TOKEN"
//   shared_worker REPOSITORY claim OWNER COUNT    claims, says the milliseconds of each
// A remote that cannot be reached is asked again; a claim whose answer was lost is found again by its owner.
#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "store/sync.hpp"
#include "store/task_queue.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"

using namespace changeling;

namespace {

using std::chrono::milliseconds;

constexpr Duration lease = std::chrono::hours(1);
constexpr milliseconds breath{20};
/// Of one sync with a remote that fails now and then.
constexpr int most_tries = 50;

void say(const std::string& line) {
  std::cout << line << '\n' << std::flush;
}

void pause(milliseconds duration) {
  std::this_thread::sleep_for(duration);
}

struct Worker {
  explicit Worker(const std::string& path)
      : repository(git::Repository::discover(path)),
        folder(repository.common_directory() / "changelings"),
        store(repository, clock, std::string(store::default_reference), {"Worker", "worker@example.com"},
              folder / "store.lock"),
        index(store, folder / "index.sqlite"),
        queue(store, index, clock),
        git(runner, Environment::of_this_process(), path),
        sync(repository, git, store, {"origin", folder / "sync.lock", milliseconds(0), pause}) {}

  void share() {
    std::string reason;
    for (int attempt = 0; attempt < most_tries; ++attempt) {
      const auto result = sync.run();
      if (std::holds_alternative<store::Synced>(result)) return;
      if (const auto* declined = std::get_if<store::Declined>(&result))
        throw Error(ErrorKind::Refused, declined->reason, declined->hint);
      reason = std::get<store::Unreached>(result).reason;
      pause(breath);
    }
    throw Error(ErrorKind::External, reason);
  }
  std::vector<queue::Task> tasks() const {
    const auto snapshot = store.snapshot();
    std::vector<queue::Task> tasks;
    for (const std::string& place : snapshot.files_below(std::string(store::tasks_folder)))
      if (const auto id = store::task_id_of(place)) tasks.push_back(*store::read_task(snapshot, *id));
    return tasks;
  }
  std::vector<queue::Task> claim(const std::string& owner, std::size_t count) {
    queue.publish_through(&sync);
    return queue.claim_batch({}, {owner, clock.now(), lease, 0}, count);
  }

  SystemClock clock;
  git::Repository repository;
  std::filesystem::path folder;
  store::Store store;
  store::TaskIndex index;
  store::TaskQueue queue;
  SystemProcessRunner runner;
  git::GitProgram git;
  store::Sync sync;
};

/// What was claimed in this name although nobody was told.
std::vector<queue::Task> found_claims(Worker& worker, const std::string& owner) {
  worker.share();
  std::vector<queue::Task> found = worker.tasks();
  std::erase_if(found, [&](const queue::Task& task) { return !task.lease || task.lease->owner != owner; });
  return found;
}

std::vector<queue::Task> claim_surely(Worker& worker, const std::string& owner, std::size_t count) {
  try {
    return worker.claim(owner, count);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) throw;
    return found_claims(worker, owner);
  }
}

bool everything_is_done(Worker& worker) {
  for (const auto& [status, count] : worker.queue.current_index().counts()) {
    if (status != queue::TaskStatus::Done && count > 0) return false;
  }
  return true;
}

void drain(Worker& worker, const std::string& owner, std::size_t batch) {
  for (;;) {
    const auto claimed = claim_surely(worker, owner, batch);
    for (const auto& task : claimed) {
      say(fmt::format("won {} {}", task.id, task.lease->token));
      try {
        worker.queue.complete(task.id, task.lease->token, {}, {});
        say("done " + task.id);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::Refused) throw;
        say("refused " + task.id);
      }
    }
    if (!claimed.empty()) continue;
    worker.share();
    if (everything_is_done(worker)) return;
    pause(breath);
  }
}

/// Random operations, as tests/unit/store/convergence_test.cpp makes them in one process.
class Wanderer {
 public:
  Wanderer(Worker& worker, unsigned seed)
      : worker_(worker), random_(seed), owner_("wanderer-" + std::to_string(seed)) {}

  void step() {
    try {
      act();
    } catch (const Error& error) {
      // What the rules refuse, and a remote that is away, are part of every history.
      const bool expected = error.kind() == ErrorKind::Refused || error.kind() == ErrorKind::NotFound ||
                            error.kind() == ErrorKind::Conflict || error.kind() == ErrorKind::Unavailable;
      if (!expected) throw;
    }
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  void act() {
    store::TaskQueue& queue = worker_.queue;
    queue.publish_through(nullptr);
    const int what = below(16);
    if (what < 3) return add();
    if (what == 3) return claim();
    if (what == 4) return finish();
    if (what == 5) return worker_.share();
    const auto tasks = worker_.tasks();
    if (tasks.empty()) return;
    const auto& task = tasks[static_cast<std::size_t>(below(static_cast<int>(tasks.size())))];
    const auto& other = tasks[static_cast<std::size_t>(below(static_cast<int>(tasks.size())))];
    if (what == 6 && below(4) == 0) {
      say("removed " + task.id);
      queue.remove({task.id});
    } else if (what < 9) {
      queue.move(task.id, static_cast<queue::TaskStatus>(below(7)));
    } else {
      queue.edit(task.id, "edit", [&](queue::Task& changed) {
        if (what < 11) changed.title = "edited " + std::to_string(below(1000));
        if (what == 11) changed.labels.push_back("l" + std::to_string(below(5)));
        if (what == 12 && !changed.labels.empty()) changed.labels.pop_back();
        if (what > 12 && other.id != changed.id) changed.blocked_by.push_back(other.id);
      });
    }
  }

  void add() {
    queue::Task task;
    task.title = "t" + std::to_string(below(1000));
    task.status = queue::TaskStatus::Ready;
    say("added " + worker_.queue.add({task}).front().id);
  }

  void claim() {
    for (const auto& task : worker_.claim(owner_, 1)) {
      say(fmt::format("won {} {}", task.id, task.lease->token));
      held_ = task;
    }
  }

  void finish() {
    if (!held_) return;
    const queue::Task task = *std::exchange(held_, std::nullopt);
    worker_.queue.publish_through(&worker_.sync);
    if (below(2) == 0) {
      worker_.queue.complete(task.id, task.lease->token, {}, {});
    } else {
      worker_.queue.release(task.id, task.lease->token, {"", owner_, "failed", "", worker_.clock.now()}, 0);
    }
  }

  Worker& worker_;
  std::mt19937 random_;
  std::string owner_;
  std::optional<queue::Task> held_;
};

void wander(Worker& worker, unsigned seed, long count) {
  Wanderer wanderer(worker, seed);
  for (long step = 0; step < count; ++step) wanderer.step();
  worker.share();
}

void claim(Worker& worker, const std::string& owner, long count) {
  worker.queue.current_index();
  for (long number = 0; number < count; ++number) {
    const auto start = std::chrono::steady_clock::now();
    if (worker.claim(owner, 1).empty()) throw Error(ErrorKind::NotFound, "nothing is left to claim");
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
    say(fmt::format("{:.1f}", spent.count()));
  }
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  try {
    if (arguments.size() < 2) throw Error(ErrorKind::Usage, "see the head of shared_worker.cpp");
    Worker worker(arguments[0]);
    const std::string& what = arguments[1];
    if (what == "sync") worker.share();
    if (what == "drain") drain(worker, arguments.at(2), arguments.size() > 3 ? std::stoul(arguments[3]) : 1);
    if (what == "wander")
      wander(worker, static_cast<unsigned>(std::stoul(arguments.at(2))), std::stol(arguments.at(3)));
    if (what == "claim") claim(worker, arguments.at(2), std::stol(arguments.at(3)));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "shared_worker: " << error.what() << '\n';
    return 1;
  }
}
