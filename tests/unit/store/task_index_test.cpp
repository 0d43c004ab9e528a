#include "store/task_index.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "store/sqlite.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using queue::Task;
using queue::TaskStatus;

namespace {

using Ids = std::vector<std::string>;

/// The answers of the index, made the slow way from the records.
class Naive {
 public:
  explicit Naive(std::vector<Task> tasks) : tasks_(std::move(tasks)) {
    std::sort(tasks_.begin(), tasks_.end(), queue::claimed_before);
    for (const Task& task : tasks_) {
      if (task.status == TaskStatus::Done) done_.insert(task.id);
    }
  }

  Ids claimable(const queue::ClaimFilter& filter, Timestamp now) const {
    return ids([&](const Task& task) {
      const bool free = task.status == TaskStatus::Ready ||
                        (task.status == TaskStatus::InFlight && task.lease->expires_at <= now);
      return free && is_unblocked(task) && queue::closed_gate(task, now) == nullptr &&
             queue::matches(task, filter);
    });
  }

  Ids find(const store::TaskQuery& query) const {
    return ids([&](const Task& task) {
      const auto has = [&](const std::string& label) {
        return std::find(task.labels.begin(), task.labels.end(), label) != task.labels.end();
      };
      const auto& statuses = query.statuses;
      return (statuses.empty() ||
              std::find(statuses.begin(), statuses.end(), task.status) != statuses.end()) &&
             (query.role.empty() || task.role == query.role) &&
             std::all_of(query.labels.begin(), query.labels.end(), has) &&
             (!query.priority || task.priority == *query.priority) &&
             (query.assignee.empty() || task.assignee_agent == query.assignee) &&
             (!query.unblocked_at || (is_unblocked(task) && is_past_gates(task, *query.unblocked_at))) &&
             (query.text.empty() ||
              (task.title + " " + task.description).find(query.text) != std::string::npos);
    });
  }

 private:
  bool is_unblocked(const Task& task) const {
    return std::all_of(task.blocked_by.begin(), task.blocked_by.end(),
                       [&](const std::string& id) { return done_.contains(id); });
  }
  static bool is_past_gates(const Task& task, Timestamp now) {
    return task.status == TaskStatus::Done || queue::closed_gate(task, now) == nullptr;
  }
  template <typename Wanted>
  Ids ids(const Wanted& wanted) const {
    Ids found;
    for (const Task& task : tasks_) {
      if (wanted(task)) found.push_back(task.id);
    }
    return found;
  }

  std::vector<Task> tasks_;
  std::set<std::string> done_;
};

/// Compares every kind of answer with the naive one.
void check_answers(OpenQueue& open, Timestamp now) {
  store::TaskIndex& index = open.queue.current_index();
  const auto tasks = all_tasks(open.store);
  const Naive naive(tasks);
  for (const queue::ClaimFilter& filter :
       {queue::ClaimFilter{}, {"coder", {}}, {"", {"red"}}, {"tester", {"red", "blue"}}, {"", {"none"}}}) {
    CHECK(index.claimable(filter, now, 1000) == naive.claimable(filter, now));
    Ids first = naive.claimable(filter, now);
    first.resize(std::min<std::size_t>(first.size(), 2));
    CHECK(index.claimable(filter, now, 2) == first);
  }
  std::vector<store::TaskQuery> queries(8);
  queries[1].statuses = {TaskStatus::Ready, TaskStatus::Done};
  queries[2].role = "coder";
  queries[3].labels = {"red"};
  queries[3].statuses = {TaskStatus::Ready};
  queries[4].priority = queue::Priority::High;
  queries[5].unblocked_at = now;
  queries[6].text = "even";
  queries[7].assignee = "w1";
  for (auto& query : queries) {
    query.limit = 0;
    const Ids expected = naive.find(query);
    CHECK(index.find(query) == expected);
    CHECK(index.count(query) == expected.size());
    Ids from_records;
    for (const std::string& text : index.records(query)) from_records.push_back(parse_json(text, "x")["id"]);
    CHECK(from_records == expected);
    query.limit = 3;
    query.offset = 2;
    const auto start = static_cast<std::ptrdiff_t>(std::min<std::size_t>(expected.size(), 2));
    const auto end = static_cast<std::ptrdiff_t>(std::min<std::size_t>(expected.size(), 5));
    CHECK(index.find(query) == Ids(expected.begin() + start, expected.begin() + end));
  }
  for (const auto& counted : index.counts()) {
    CHECK(counted.second ==
          static_cast<std::size_t>(std::count_if(
              tasks.begin(), tasks.end(), [&](const Task& task) { return task.status == counted.first; })));
  }
}

/// Random operations on a queue.
class Operations {
 public:
  Operations(OpenQueue& open, SteppedClock& clock, unsigned seed)
      : open_(open), clock_(clock), random_(seed) {}

  void step() {
    clock_.step(std::chrono::seconds(below(90)));
    try {
      switch (below(8)) {
        case 0:
        case 1:
          add();
          break;
        case 2:
        case 3:
          claim();
          break;
        case 4:
          finish();
          break;
        case 5:
          open_.queue.move(some_id(), static_cast<TaskStatus>(below(7)));
          break;
        case 6:
          edit();
          break;
        default:
          if (below(3) == 0) open_.queue.remove({some_id()});
      }
    } catch (const Error& error) {
      // Refusals are part of the history; anything else is a failure.
      if (error.kind() != ErrorKind::Refused && error.kind() != ErrorKind::NotFound) throw;
    }
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  std::string some_id() {
    const auto tasks = all_tasks(open_.store);
    return tasks.empty() ? "nobody12"
                         : tasks[static_cast<std::size_t>(below(static_cast<int>(tasks.size())))].id;
  }

  void add() {
    std::vector<Task> tasks;
    for (int count = 1 + below(3); count > 0; --count) {
      Task task = new_task(below(2) == 0 ? "an even number" : "odd", static_cast<TaskStatus>(below(3)));
      if (below(4) == 0) task.status = TaskStatus::Done;
      task.priority = static_cast<queue::Priority>(below(4));
      if (below(3) == 0) task.role = below(2) == 0 ? "coder" : "tester";
      if (below(2) == 0) task.labels.push_back("red");
      if (below(3) == 0) task.labels.push_back("blue");
      if (below(3) == 0) task.blocked_by = {some_id()};
      if (below(5) == 0) task.gates.push_back({});
      if (below(4) == 0) task.gates.push_back(gate_of_time());
      if (below(4) == 0) task.parent = some_id();
      tasks.push_back(task);
    }
    open_.queue.add(tasks);
  }

  queue::Gate gate_of_time() {
    queue::Gate gate;
    gate.kind = queue::Gate::Kind::Time;
    gate.until = clock_.now() + std::chrono::seconds(below(300));
    return gate;
  }

  void claim() {
    const auto result = open_.queue.claim(
        queue::ClaimFilter{}, {"w" + std::to_string(below(3)), clock_.now(), std::chrono::minutes(2), 2});
    if (std::holds_alternative<Task>(result)) held_.push_back(std::get<Task>(result));
  }

  void finish() {
    if (held_.empty()) return;
    const Task task = held_.back();
    held_.pop_back();
    if (below(2) == 0) {
      open_.queue.complete(task.id, task.lease->token, {{}, below(2) == 0}, {});
    } else {
      open_.queue.release(task.id, task.lease->token, {"", "w", "failed", "", clock_.now()}, 2);
    }
  }

  void edit() {
    open_.queue.edit(some_id(), "edit", [&](Task& task) {
      task.title = below(2) == 0 ? "even now" : "odd now";
      task.labels = below(2) == 0 ? Ids{"red"} : Ids{};
      if (below(2) == 0) task.blocked_by = {some_id()};
      if (below(2) == 0 && !task.gates.empty())
        task = queue::check_passed(std::move(task), "x", "", clock_.now());
      if (below(2) == 0) task.gates.clear();
    });
  }

  OpenQueue& open_;
  SteppedClock& clock_;
  std::mt19937 random_;
  std::vector<Task> held_;
};

/// No file of this process can grow as long as it lives.
class FullDisk {
 public:
  FullDisk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

void write_garbage(const std::filesystem::path& file, std::size_t size) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(size, 'x');
}

}  // namespace

TEST_CASE("after random operations the index answers like the records, whoever brought it forward") {
  for (unsigned seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const TemporaryRepository home;
    SteppedClock clock;
    OpenQueue one(home, clock);
    OpenQueue two(home, clock);
    Operations first(one, clock, seed);
    Operations second(two, clock, seed + 100);
    for (int round = 0; round < 12; ++round) {
      for (int step = 0; step < 4; ++step) first.step();
      if (seed % 2 == 1) second.step();
      check_answers(one, clock.now());
    }
    // Built at once from the same state it says the same.
    std::filesystem::remove(OpenQueue::index_file(home));
    OpenQueue fresh(home, clock);
    check_answers(fresh, clock.now());
  }
}

TEST_CASE("a missing, damaged, foreign or older index is rebuilt without a word") {
  const TemporaryRepository home;
  SteppedClock clock;
  {
    OpenQueue open(home, clock);
    open.queue.add(std::vector<Task>(40, new_task("t")));
    open.queue.current_index();
  }
  const auto file = OpenQueue::index_file(home);
  const auto sound = [&] {
    OpenQueue open(home, clock);
    return open.queue.current_index().count({}) == 40 &&
           open.index.claimable({}, clock.now(), 100).size() == 40;
  };
  CHECK(sound());
  SUBCASE("deleted") {
    std::filesystem::remove(file);
  }
  SUBCASE("empty") {
    std::ofstream(file, std::ios::trunc).flush();
  }
  SUBCASE("garbage") {
    write_garbage(file, 5000);
  }
  SUBCASE("cut off") {
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  }
  SUBCASE("damaged inside") {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(4096);
    stream << std::string(20'000, '\xA5');
  }
  SUBCASE("of another version") {
    store::Database database(file, std::chrono::seconds(1));
    database.run("PRAGMA user_version = 999; DROP TABLE tasks");
  }
  SUBCASE("of another program") {
    std::filesystem::remove(file);
    store::Database database(file, std::chrono::seconds(1));
    database.run("CREATE TABLE tasks(a)");
  }
  SUBCASE("a folder in its place") {
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
  }
  SUBCASE("a pipe in its place") {
    std::filesystem::remove(file);
    REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  }
  SUBCASE("of a commit that is gone") {
    store::Database database(file, std::chrono::seconds(1));
    database.run("UPDATE state SET value = '1111111111111111111111111111111111111111'; DELETE FROM tasks");
  }
  CHECK(sound());
}

TEST_CASE("where no byte can be written, the index is in memory") {
  const TemporaryRepository home;
  SteppedClock clock;
  const auto file = OpenQueue::index_file(home);
  OpenQueue open(home, clock);
  open.queue.add(std::vector<Task>(40, new_task("t")));
  std::size_t found = 0;
  SUBCASE("from the beginning") {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
    const FullDisk full;
    found = open.queue.current_index().count({});
  }
  SUBCASE("when it is brought forward") {
    CHECK(open.queue.current_index().count({}) == 40);
    store::Database(file, std::chrono::seconds(1)).run("UPDATE state SET value = '' WHERE key = 'commit'");
    const FullDisk full;
    found = open.queue.current_index().count({});
  }
  CHECK(found == 40);
}

TEST_CASE("an index that is damaged or deleted under an open program is rebuilt, too") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(std::vector<Task>(40, new_task("t")));
  CHECK(open.queue.current_index().count({}) == 40);
  const auto file = OpenQueue::index_file(home);
  SUBCASE("deleted") {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
  }
  SUBCASE("tables gone") {
    store::Database database(file, std::chrono::seconds(1));
    database.run("DROP TABLE counts; DROP TABLE tasks");
  }
  CHECK(std::holds_alternative<Task>(
      open.queue.claim(queue::ClaimFilter{}, {"w", clock.now(), std::chrono::minutes(1), 3})));
  CHECK(open.queue.current_index().count({}) == 40);
  CHECK(open.index.counts()[3].second == 1);
}

TEST_CASE("an index that lies cannot make a wrong claim") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task hidden = new_task("ready");
  hidden.id = "ready123";
  Task waiting = new_task("waiting");
  waiting.blocked_by = {"ready123"};
  Task inbox = new_task("inbox", TaskStatus::Inbox);
  open.queue.add({hidden, waiting, inbox});
  open.queue.current_index();
  {
    store::Database database(OpenQueue::index_file(home), std::chrono::seconds(1));
    database.run(
        "UPDATE tasks SET status = 2, open_blockers = 0; UPDATE tasks SET status = 0 WHERE id = 'ready123'");
  }
  // The two that it offers are not claimable; the one that it hides is found after the rebuild.
  const auto claimed = open.queue.claim(queue::ClaimFilter{}, {"w", clock.now(), std::chrono::minutes(1), 3});
  CHECK(std::get<Task>(claimed).id == "ready123");
  check_answers(open, clock.now());
}

TEST_CASE("a locked index is waited for, and readers do not wait for a writer") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add({new_task("t")});
  CHECK(open.queue.current_index().count({}) == 1);
  store::Database other(OpenQueue::index_file(home), std::chrono::seconds(1));
  auto writing = std::make_optional<store::Transaction>(other);
  CHECK(open.index.find({}).size() == 1);
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    writing.reset();
  });
  OpenQueue late(home, clock);
  late.queue.add({new_task("second")});
  CHECK(late.queue.current_index().count({}) == 2);
  writer.join();
}

TEST_CASE("words are found by their beginnings, and nothing in them is an operator") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task parser = new_task("Teach the parser about tabs");
  parser.description = "See README \"first\"";
  open.queue.add({parser, new_task("Write a lexer")});
  const auto titles = [&](const std::string& text) {
    store::TaskQuery query;
    query.text = text;
    std::vector<std::string> found;
    for (const auto& id : open.queue.current_index().find(query)) found.push_back(open.queue.find(id).title);
    return found;
  };
  CHECK(titles("pars").size() == 1);
  CHECK(titles("TABS readme").size() == 1);
  CHECK(titles("tabs lexer").empty());
  CHECK(titles("lex*").size() == 1);
  CHECK(titles("\"first\"").size() == 1);
  for (const char* odd : {"\"", "AND", "NOT parser", "title:", "(", "a-b OR", "^x", "*"})
    CHECK_NOTHROW(titles(odd));
  const std::string id = open.index.find({})[0];
  open.queue.edit(id, "edit", [](Task& task) { task.title = "Something else"; });
  CHECK(titles("something").size() == 1);
  CHECK(titles("Teach").size() + titles("Write").size() == 1);
}

TEST_CASE("a damaged record is listed as such and harms nobody else") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task task = open.queue.add({new_task("t"), new_task("u")}).front();
  open.store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    change.write(store::task_path(task.id), "{");
    change.write("items/README", "hello");
  });
  store::TaskIndex& index = open.queue.current_index();
  CHECK(index.count({}) == 1);
  REQUIRE(index.unreadable().size() == 2);
  CHECK(index.unreadable()[0].path == "items/README");
  CHECK(index.unreadable()[0].reason == "not the place of a task");
  CHECK(index.unreadable()[1].path == store::task_path(task.id));
  CHECK(index.unreadable()[1].reason.starts_with("not JSON"));
  open.store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    write_task(change, task);
    change.remove("items/README");
  });
  CHECK(open.queue.current_index().count({}) == 2);
  CHECK(index.unreadable().empty());
}

TEST_CASE("small questions about ids") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  for (const char* id : {"bcdf2222", "bcdf3333", "ccdf2222"}) {
    Task task = new_task(id, id[0] == 'c' ? TaskStatus::Done : TaskStatus::Ready);
    task.id = id;
    open.queue.add({task});
  }
  store::TaskIndex& index = open.queue.current_index();
  CHECK(index.with_prefix("bcdf", 10) == Ids{"bcdf2222", "bcdf3333"});
  CHECK(index.with_prefix("bcdf", 1) == Ids{"bcdf2222"});
  CHECK(index.open_among({"bcdf2222", "ccdf2222", "nobody12"}) == Ids{"bcdf2222", "nobody12"});
  open.queue.edit("bcdf3333", "edit", [](Task& task) {
    task.parent = "bcdf2222";
    task.gates = {queue::parse_gate("check:build")};
  });
  CHECK(index.children_of("bcdf2222") == Ids{"bcdf3333"});
  CHECK(index.children_of("").empty());
  CHECK(index.gated() == Ids{"bcdf3333"});
  open.queue.edit("bcdf3333", "open-gate",
                  [&](Task& task) { task = queue::check_passed(std::move(task), "build", "", clock.now()); });
  CHECK(index.gated().empty());
}
