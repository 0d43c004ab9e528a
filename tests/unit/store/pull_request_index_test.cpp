#include "store/pull_request_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "open_store.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::PullRequestRecord;
using store::PullRequestState;

namespace {

using Numbers = std::vector<std::int64_t>;
using Words = std::vector<std::string>;

std::filesystem::path index_file(const TemporaryRepository& home, const std::string& name = "index") {
  return home.path() / ".git" / "changelings" / (name + ".sqlite");
}

PullRequestRecord pull_of(std::int64_t number, PullRequestState state = PullRequestState::Open) {
  PullRequestRecord pull;
  pull.number = number;
  pull.changeling = number % 2 == 0 ? "fairy" : "troll";
  pull.branch = "changelings/" + std::to_string(number % 5);
  pull.head = std::string(40, static_cast<char>('a' + number % 3));
  pull.patch_id = number % 4 == 0 ? "" : "p" + std::to_string(number % 7);
  pull.state = state;
  pull.created_at = pull.updated_at = fixed_clock.now();
  return pull;
}

void write(store::Store& store, const std::vector<PullRequestRecord>& pulls) {
  store.update({"pulls", "pulls", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (const PullRequestRecord& pull : pulls) write_pull_request(change, pull);
  });
}

/// Random changes, several in one operation, on both sides of the end of the first folder.
void change_some(store::Store& store, std::mt19937& random) {
  store.update({"pulls", "pulls", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (unsigned count = 1 + random() % 4; count > 0; --count) {
      const auto number = static_cast<std::int64_t>(985 + random() % 30);
      const unsigned kind = random() % 8;
      if (kind == 0) {
        change.remove(store::pull_request_path(number));
      } else if (kind == 1) {
        change.write(store::pull_request_path(number), "{");
      } else {
        write_pull_request(change, pull_of(number, static_cast<PullRequestState>(random() % 3)));
      }
    }
  });
}

Numbers numbers_of(const std::vector<PullRequestRecord>& pulls) {
  Numbers numbers;
  for (const PullRequestRecord& pull : pulls) numbers.push_back(pull.number);
  return numbers;
}

template <typename Wanted>
Numbers numbers_where(const std::vector<PullRequestRecord>& pulls, const Wanted& wanted) {
  Numbers numbers;
  for (const PullRequestRecord& pull : pulls) {
    if (wanted(pull)) numbers.push_back(pull.number);
  }
  return numbers;
}

bool is_open(const PullRequestRecord& pull) {
  return pull.state == PullRequestState::Open;
}

/// Every question, answered by the index as it is from a naive reading of all records.
void check_answers(const store::PullRequestIndex& index, const store::Snapshot& snapshot) {
  store::DamagedRecords damaged;
  const auto pulls = store::read_pull_requests(snapshot, &damaged);
  CHECK(index.unreadable().size() == damaged.size());
  CHECK(index.next_number() == store::next_pull_request_number(snapshot));
  CHECK(numbers_of(index.open()) == numbers_where(pulls, is_open));
  CHECK(numbers_of(index.open({"fairy", {}, ""})) ==
        numbers_where(pulls, [](const auto& pull) { return is_open(pull) && pull.changeling == "fairy"; }));
  CHECK(numbers_of(index.open({"", {"changelings/1", "changelings/4"}, ""})) ==
        numbers_where(pulls, [](const auto& pull) {
          return is_open(pull) && (pull.branch.ends_with('1') || pull.branch.ends_with('4'));
        }));
  CHECK(numbers_of(index.open({"troll", {}, std::string(40, 'b')})) ==
        numbers_where(pulls, [](const auto& pull) {
          return is_open(pull) && pull.changeling == "troll" && pull.head.front() == 'b';
        }));
  auto ended = numbers_where(pulls, [](const auto& pull) { return !is_open(pull); });
  std::reverse(ended.begin(), ended.end());
  ended.resize(std::min<std::size_t>(ended.size(), 3));
  CHECK(numbers_of(index.newest_ended(3)) == ended);
  std::set<std::string> rejected;
  for (const PullRequestRecord& pull : pulls) {
    const bool is_closed = pull.state == PullRequestState::Closed;
    if (is_closed && pull.changeling == "troll" && !pull.patch_id.empty()) rejected.insert(pull.patch_id);
  }
  const Words answer = index.rejected_patch_ids("troll");
  CHECK(answer.size() == rejected.size());
  CHECK(std::set<std::string>(answer.begin(), answer.end()) == rejected);
  std::map<std::int64_t, PullRequestState> states;
  for (const PullRequestRecord& pull : pulls) states[pull.number] = pull.state;
  Numbers all;
  for (std::int64_t number = 980; number <= 1020; ++number) all.push_back(number);
  CHECK(index.states(all) == states);
}

}  // namespace

TEST_CASE("an index of pull requests that is brought forward answers as a new one and as the records") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const TemporaryRepository home;
    OpenStore open(home);
    open.store.initialize();
    store::PullRequestIndex index(open.store, index_file(home));
    std::mt19937 random(seed);
    for (int step = 0; step < 40; ++step) {
      change_some(open.store, random);
      // Sometimes several operations are caught up with at once.
      if (step % 3 == 1) continue;
      check_answers(index, index.follow());
      if (step % 10 != 0) continue;
      store::PullRequestIndex anew(open.store, index_file(home, "anew" + std::to_string(step)));
      check_answers(anew, anew.follow());
    }
  }
}

TEST_CASE("an index without pull requests, of the version before, and a missing one are built anew") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  write(open.store, {pull_of(1), pull_of(2, PullRequestState::Closed)});
  const auto answer = [&] {
    store::PullRequestIndex index(open.store, index_file(home));
    index.follow();
    return numbers_of(index.open());
  };
  CHECK(answer() == Numbers{1});
  SUBCASE("earlier") {
    store::Database(index_file(home), std::chrono::seconds(1))
        .run("DROP TABLE pulls; PRAGMA user_version = 5");
  }
  SUBCASE("missing") {
    std::filesystem::remove(index_file(home));
  }
  CHECK(answer() == Numbers{1});
}
