#pragma once

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "other_process.hpp"
#include "support/files.hpp"
#include "task_fixture.hpp"

namespace changeling::testing {

/// A queue as a process of a person's opens it.
struct Opened {
  Opened(const TemporaryRepository& home, const std::string& person)
      : repository(home.open()),
        store(repository, clock, std::string(store::default_reference), {person, person + "@example.com"},
              home.path() / ".git" / "changelings" / "store.lock"),
        index(store, OpenQueue::index_file(home)),
        queue(store, index, clock) {}

  store::ClaimResult claim(const std::string& owner) {
    return queue.claim(queue::ClaimFilter{}, {owner, clock.now(), std::chrono::minutes(10), 0});
  }
  store::ClaimResult claim_named(const std::string& id, const std::string& owner) {
    return queue.claim(id, {owner, clock.now(), std::chrono::minutes(10), 0});
  }

  SteppedClock clock;
  git::Repository repository;
  store::Store store;
  store::TaskIndex index;
  store::TaskQueue queue;
};

inline std::string told(const TemporaryRepository& home, const std::string& person) {
  return read_file_if_exists(home.path() / ("told-" + person)).value_or("");
}

/// What the state says that a person has claimed, as `told`.
inline std::string claims_of(const OpenQueue& open, const std::string& person) {
  std::string claims;
  for (const queue::Task& task : all_tasks(open.store)) {
    if (task.lease && task.lease->owner == person)
      claims += task.id + " " + std::to_string(task.lease->token) + "\n";
  }
  return claims;
}

/// The commits of claims, newest first.
inline std::vector<git::CommitInfo> claim_commits(const OpenQueue& open) {
  auto commits = open.repository.history(*open.store.snapshot().commit(), 0);
  std::erase_if(commits,
                [](const git::CommitInfo& commit) { return commit.trailer("Operation") != "task.claim"; });
  return commits;
}

}  // namespace changeling::testing
