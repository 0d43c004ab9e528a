// Listings that go on behind the last one that was seen.
#include <doctest/doctest.h>

#include "store/records.hpp"
#include "store/run_index.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;

namespace {

using Titles = std::vector<std::string>;

/// All pages, with `between` called after each.
Titles read_pages(
    OpenQueue& open, store::TaskQuery query, const std::function<void()>& between = [] {}) {
  Titles titles;
  for (;;) {
    const auto ids = open.queue.current_index().find(query);
    if (ids.empty()) return titles;
    for (const std::string& id : ids) {
      const queue::Task task = open.queue.find(id);
      titles.push_back(task.title);
      query.after = store::TaskPosition{task.priority, task.created_at, task.id};
    }
    between();
  }
}

queue::Task titled(const std::string& title, queue::Priority priority) {
  queue::Task task = new_task(title);
  task.priority = priority;
  return task;
}

struct Filled {
  Filled() {
    for (const auto& [title, priority] :
         std::vector<std::pair<std::string, queue::Priority>>{{"low", queue::Priority::Low},
                                                              {"first", queue::Priority::High},
                                                              {"second", queue::Priority::High},
                                                              {"urgent", queue::Priority::Urgent},
                                                              {"medium", queue::Priority::Medium}}) {
      open.queue.add({titled(title, priority)});
      clock.step(std::chrono::seconds(1));
    }
  }
  TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open{home, clock};
};

const Titles all{"urgent", "first", "second", "medium", "low"};

}  // namespace

TEST_CASE("pages of tasks follow one another, of whatever size") {
  Filled filled;
  for (const std::size_t limit : {1U, 2U, 3U, 5U}) {
    store::TaskQuery query;
    query.limit = limit;
    CHECK(read_pages(filled.open, query) == all);
    query.statuses = {queue::TaskStatus::Ready, queue::TaskStatus::Inbox};
    CHECK(read_pages(filled.open, query) == all);
  }
}

TEST_CASE("tasks that come meanwhile repeat none and leave none out") {
  Filled filled;
  store::TaskQuery query;
  query.limit = 2;
  int added = 0;
  const Titles titles = read_pages(filled.open, query, [&] {
    if (added++ == 0) filled.open.queue.add({titled("late", queue::Priority::Urgent)});
  });
  CHECK(titles == all);
}

TEST_CASE("pages of a search go on, too, and the count is of all pages") {
  Filled filled;
  store::TaskQuery query;
  query.limit = 1;
  query.text = "first";
  CHECK(read_pages(filled.open, query) == Titles{"first"});
  query.text = "";
  query.after = store::TaskPosition{queue::Priority::Low, {}, "zzzz"};
  CHECK(filled.open.queue.current_index().count(query) == 5);
}

TEST_CASE("pages of runs follow one another, newest first, also of one task") {
  const TemporaryRepository home;
  OpenStore place(home);
  place.store.initialize();
  const Timestamp start = parse_timestamp("2026-11-20T03:00:00Z");
  place.store.update({"runs", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (const auto& [id, minute, task] : std::vector<std::tuple<std::string, int, std::string>>{
             {"aaaa2345aa", 0, ""}, {"bbbb2345bb", 1, "abcd2345"}, {"cccc2345cc", 1, "abcd2345"}}) {
      store::RunRecord run;
      run.id = id;
      run.changeling = "sprite";
      run.task = task;
      run.started_at = start + std::chrono::minutes(minute);
      store::write_run(change, run);
    }
  });
  store::RunIndex index(place.store, home.path() / ".git" / "changelings" / "index.sqlite");
  index.follow();
  const auto read = [&](store::RunQuery query) {
    Titles ids;
    for (query.limit = 1;;) {
      const auto runs = index.page(query);
      if (runs.empty()) return ids;
      ids.push_back(runs.front().id);
      query.after = store::RunPosition{runs.front().started_at, runs.front().id};
    }
  };
  CHECK(read({}) == Titles{"cccc2345cc", "bbbb2345bb", "aaaa2345aa"});
  store::RunQuery query;
  query.task = "abcd2345";
  CHECK(read(query) == Titles{"cccc2345cc", "bbbb2345bb"});
  CHECK(index.count(query) == 2);
}
