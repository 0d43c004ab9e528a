#include "store/run_index.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <random>

#include "../listed_runs.hpp"
#include "open_store.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::Outcome;
using store::RunQuery;
using store::RunRecord;
using store::RunStatus;

namespace {

using Ids = std::vector<std::string>;
using std::chrono::hours;

std::filesystem::path index_file(const TemporaryRepository& home, const std::string& name = "index") {
  return home.path() / ".git" / "changelings" / (name + ".sqlite");
}

Ids ids_of(const std::vector<RunRecord>& runs) {
  Ids ids;
  for (const RunRecord& run : runs) ids.push_back(run.id);
  return ids;
}

Ids ids_of(const std::optional<RunRecord>& run) {
  return run ? Ids{run->id} : Ids{};
}

using Words = std::vector<std::string>;

Words in_words(const std::vector<store::TargetTry>& tries) {
  Words words;
  for (const auto& made : tries) {
    words.push_back(made.target + " " + format_timestamp(made.ended) + " " +
                    std::to_string(made.pull_request.value_or(0)) + (made.failed ? " failed" : ""));
  }
  return words;
}

Words in_words(const std::vector<store::FinishedRun>& runs) {
  Words words;
  for (const auto& run : runs) {
    words.push_back((run.duration ? describe_duration(*run.duration) : "-") + " " +
                    (run.cost_usd ? std::to_string(*run.cost_usd) : "-"));
  }
  return words;
}

RunRecord run_of(const std::string& id, const std::string& changeling, Timestamp started) {
  RunRecord run;
  run.id = id;
  run.changeling = changeling;
  run.trigger = "manual";
  run.agent = "command";
  run.base = "main";
  run.started_at = started;
  return run;
}

void write(store::Store& store, const std::vector<RunRecord>& runs) {
  store.update({"runs", "runs", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (const RunRecord& run : runs) write_run(change, run);
  });
}

/// Random changes of runs, several in one operation.
class Operations {
 public:
  Operations(store::Store& store, unsigned seed) : store_(store), random_(seed) {}

  void step() {
    store_.update({"runs", "runs", {}}, [this](const store::Snapshot& snapshot, store::Change& change) {
      for (int count = 1 + below(4); count > 0; --count) {
        const int kind = below(10);
        if (kind < 5 || known_.empty()) {
          add(change);
        } else if (kind < 8) {
          finish(snapshot, change);
        } else if (kind == 8) {
          change.remove(store::run_path(known_[static_cast<std::size_t>(below(std::ssize(known_)))]));
        } else {
          change.write(store::run_path(known_[static_cast<std::size_t>(below(std::ssize(known_)))]), "{");
        }
      }
    });
  }

 private:
  int below(std::ptrdiff_t limit) {
    return std::uniform_int_distribution<int>(0, static_cast<int>(limit) - 1)(random_);
  }
  std::string one_of(const Words& words) { return words[static_cast<std::size_t>(below(std::ssize(words)))]; }

  void add(store::Change& change) {
    // Few starts, so that many are the same.
    RunRecord run = run_of("run" + std::to_string(1000 + below(9000)), one_of({"fairy", "troll"}),
                           fixed_clock.now() - hours(below(60)));
    run.trigger = one_of({"manual", "schedule", "task"});
    if (below(4) == 0) run.task = "bcdf2345";
    if (run.trigger == "schedule") run.scheduled_for = run.started_at - hours(below(3));
    if (below(3) == 0) run.reserved_usd = below(10) / 4.0;
    if (below(3) == 0) run.target = one_of({"a.c", "b.c", "c.c"});
    if (below(2) == 0) run.expires_at = run.started_at + hours(below(60));
    known_.push_back(run.id);
    write_run(change, run);
  }

  void finish(const store::Snapshot& snapshot, store::Change& change) {
    const std::string& id = known_[static_cast<std::size_t>(below(std::ssize(known_)))];
    std::optional<RunRecord> run;
    store::read_or_note(id, nullptr, [&] { run = store::read_run(snapshot, id); });
    if (!run) return;
    run->status = RunStatus::Finished;
    run->outcome = static_cast<Outcome>(below(12));
    run->outage = below(5) == 0;
    if (below(8) != 0) run->ended_at = run->started_at + hours(below(9));
    if (run->ended_at) run->duration = *run->ended_at - run->started_at;
    if (below(2) == 0) run->cost_usd = below(10) / 4.0;
    run->summary = one_of({"", "an even number", "odd"});
    run->error = one_of({"", "it was an \"evening\"", "no"});
    if (below(3) == 0)
      run->pull_request = store::PullRequestReference{1 + below(6), "", one_of({"open", "merged"})};
    if (below(3) == 0) run->branch = "changelings/" + run->changeling + "/" + one_of({"one", run->id});
    if (below(3) == 0) run->patch_id = one_of({"p1", "p2"});
    write_run(change, *run);
  }

  store::Store& store_;
  std::mt19937 random_;
  Ids known_;
};

bool has_word(const RunRecord& run, const std::string& start) {
  const std::string text = " " + run.summary + " " + run.error;
  return text.find(" " + start) != std::string::npos || text.find("\"" + start) != std::string::npos;
}

void check_listing(const store::RunIndex& index, RunQuery query, const std::vector<RunRecord>& runs,
                   const std::function<bool(const RunRecord&)>& wanted) {
  Ids expected;
  for (const RunRecord& run : runs) {
    if (wanted(run)) expected.push_back(run.id);
  }
  query.limit = 0;
  CHECK(ids_of(index.page(query)) == expected);
  CHECK(index.count(query) == expected.size());
  query.limit = 3;
  query.offset = 2;
  const auto start = static_cast<std::ptrdiff_t>(std::min<std::size_t>(expected.size(), 2));
  const auto end = static_cast<std::ptrdiff_t>(std::min<std::size_t>(expected.size(), 5));
  CHECK(ids_of(index.page(query)) == Ids(expected.begin() + start, expected.begin() + end));
}

void check_listings(const store::RunIndex& index, const std::vector<RunRecord>& runs) {
  const Timestamp now = fixed_clock.now();
  RunQuery query;
  check_listing(index, query, runs, [](const RunRecord&) { return true; });
  query.changeling = "fairy";
  check_listing(index, query, runs, [](const RunRecord& run) { return run.changeling == "fairy"; });
  query.failed = true;
  query.since = now - hours(30);
  check_listing(index, query, runs, [&](const RunRecord& run) {
    return run.changeling == "fairy" && run.outcome && !is_success(*run.outcome) &&
           run.started_at >= now - hours(30);
  });
  query = {};
  query.outcome = Outcome::Failed;
  query.trigger = "schedule";
  query.until = now - hours(10);
  check_listing(index, query, runs, [&](const RunRecord& run) {
    return run.outcome == Outcome::Failed && run.trigger == "schedule" && run.started_at < now - hours(10);
  });
  query = {};
  query.lost_at = now;
  check_listing(index, query, runs, [&](const RunRecord& run) { return is_presumed_dead(run, now); });
  query = {};
  query.text = "even";
  check_listing(index, query, runs, [](const RunRecord& run) { return has_word(run, "even"); });
  query.text = "an \"even";
  check_listing(index, query, runs,
                [](const RunRecord& run) { return has_word(run, "even") && has_word(run, "an"); });
}

/// Every question, answered by the index as it is from a naive reading of all records.
void check_answers(const store::RunIndex& index, const store::Snapshot& snapshot) {
  store::DamagedRecords damaged;
  const auto runs = store::read_runs(snapshot, &damaged);
  CHECK(index.unreadable().size() == damaged.size());
  check_listings(index, runs);
  const ListedRuns naive(runs);
  const Timestamp now = fixed_clock.now();
  CHECK(ids_of(index.open()) == ids_of(naive.open()));
  CHECK(ids_of(index.of_requests({1, 4}, {"changelings/fairy/one"})) ==
        ids_of(naive.of_requests({1, 4}, {"changelings/fairy/one"})));
  CHECK(index.requests_of_changes({"p1", "p3"}) == naive.requests_of_changes({"p1", "p3"}));
  CHECK(index.requests_of_changes({}).empty());
  for (const std::string task : {"bcdf2345", "none"})
    CHECK(ids_of(index.of_task(task)) == ids_of(naive.of_task(task)));
  for (const std::string changeling : {"fairy", "troll", "nobody"}) {
    CHECK(ids_of(index.newest(changeling)) == ids_of(naive.newest(changeling)));
    const auto row = index.failures_in_a_row(changeling);
    const auto expected_row = naive.failures_in_a_row(changeling);
    CHECK(row.failures == expected_row.failures);
    CHECK(row.newest_end == expected_row.newest_end);
    CHECK(index.dearest(changeling, 5) == naive.dearest(changeling, 5));
    for (const int ago : {0, 7, 20, 80}) {
      const Timestamp time = now - hours(ago);
      CHECK(ids_of(index.run_for_time(changeling, time)) == ids_of(naive.run_for_time(changeling, time)));
      CHECK(ids_of(index.around_schedule(changeling, time)) ==
            ids_of(naive.around_schedule(changeling, time)));
      CHECK(index.spending(time, changeling).counted == naive.spending(time, changeling).counted);
      for (const auto since : {time, time + std::chrono::minutes(7)})
        CHECK(index.spending(since, std::nullopt).told == naive.spending(since, std::nullopt).told);
      CHECK(in_words(index.target_tries(changeling, time, {2, 3})) ==
            in_words(naive.target_tries(changeling, time, {2, 3})));
    }
    CHECK(in_words(index.last_finished(changeling, 4)) == in_words(naive.last_finished(changeling, 4)));
    CHECK(index.requests_noted_open(changeling) == naive.requests_noted_open(changeling));
    CHECK(index.has_targets(changeling) == naive.has_targets(changeling));
  }
}

}  // namespace

TEST_CASE("a run index that is brought forward answers as one that is built anew, and as the records") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const TemporaryRepository home;
    OpenStore open(home);
    open.store.initialize();
    store::RunIndex index(open.store, index_file(home));
    Operations operations(open.store, seed);
    for (int step = 0; step < 40; ++step) {
      operations.step();
      // Sometimes several operations are caught up with at once.
      if (step % 3 == 1) continue;
      check_answers(index, index.follow());
      if (step % 10 != 0) continue;
      store::RunIndex anew(open.store, index_file(home, "anew" + std::to_string(step)));
      check_answers(anew, anew.follow());
    }
  }
}

TEST_CASE("a run is found by the beginning of its id") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  store::RunIndex index(open.store, index_file(home));
  const Timestamp now = fixed_clock.now();
  write(open.store, {run_of("aaaa2222", "fairy", now), run_of("aaaa3333", "fairy", now),
                     run_of("bbbb4444", "troll", now)});
  index.follow();
  CHECK(index.find("b").id == "bbbb4444");
  CHECK(index.find("aaaa2222").id == "aaaa2222");
  CHECK_THROWS_WITH_AS(index.find("aaaa"), "'aaaa' is the start of 2 runs, such as aaaa2222 and aaaa3333",
                       Error);
  CHECK_THROWS_WITH_AS(index.find("zz"), "there is no run 'zz'", Error);
  CHECK_THROWS_AS(index.find(""), Error);
  CHECK(index.changelings() == Ids{"fairy", "troll"});
  open.store.update({"x", "x", {}}, [](const store::Snapshot&, store::Change& change) {
    change.write(store::run_path("cccc5555"), "{");
  });
  index.follow();
  // One that is damaged says so rather than that it is not there.
  CHECK_THROWS_AS(index.find("cc"), Error);
  try {
    index.find("cc");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
  }
}

TEST_CASE("a run index of an earlier version, a damaged one and a missing one are built anew unasked") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  write(open.store, {run_of("aaaa2222", "fairy", fixed_clock.now())});
  const auto answer = [&] {
    store::RunIndex index(open.store, index_file(home));
    index.follow();
    return ids_of(index.newest("fairy"));
  };
  CHECK(answer() == Ids{"aaaa2222"});
  SUBCASE("earlier") {
    store::Database(index_file(home), std::chrono::seconds(1))
        .run("DROP TABLE runs; PRAGMA user_version = 5");
  }
  SUBCASE("damaged") {
    std::ofstream(index_file(home)) << "no database at all, but long enough to be one";
  }
  SUBCASE("missing") {
    std::filesystem::remove(index_file(home));
  }
  CHECK(answer() == Ids{"aaaa2222"});
}

TEST_CASE("an index that another process has taken further answers with the newer records") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  store::RunIndex mine(open.store, index_file(home));
  write(open.store, {run_of("aaaa2222", "fairy", fixed_clock.now())});
  mine.follow();
  OpenStore other(home);
  write(other.store, {run_of("bbbb3333", "fairy", fixed_clock.now() + hours(1))});
  store::RunIndex theirs(other.store, index_file(home));
  theirs.follow();
  CHECK(ids_of(mine.newest("fairy")) == Ids{"bbbb3333"});
}
