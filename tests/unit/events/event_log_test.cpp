#include "events/event_log.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <mutex>
#include <thread>

#include "../fixed_clock.hpp"
#include "../temporary_folder.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::testing;
using changeling::events::EventLog;
using changeling::test::TemporaryFolder;

namespace {

std::vector<Json> events_after(EventLog& log, std::int64_t since) {
  std::vector<Json> events;
  log.read(since, [&](const std::string& line) { events.push_back(parse_json(line, "event")); }, {});
  return events;
}

/// Starts a process that runs `work` and ends without the test framework's own ending.
template <typename Work>
pid_t start_process(const Work& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    work();
  } catch (...) {
    ::_exit(1);
  }
  ::_exit(0);
}

int end_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

void check_numbers(const std::vector<Json>& events) {
  for (std::size_t index = 0; index < events.size(); ++index) CHECK(events[index]["seq"] == index + 1);
}

}  // namespace

TEST_CASE("events are numbered lines") {
  const TemporaryFolder folder;
  EventLog log(folder.path() / "deep" / "events.jsonl", fixed_clock);
  CHECK(events_after(log, 0).empty());
  CHECK(log.append("work:added", {{"task", "bcdf2345"}, {"title", "a \"b\"\nc"}}) == 1);
  CHECK(log.append("plain", nullptr) == 2);
  CHECK(log.append_all({{"x", {{"n", 1}}}, {"y", Json::object()}}) == 4);
  CHECK(log.append_all({}) == 0);
  const auto events = events_after(log, 0);
  REQUIRE(events.size() == 4);
  check_numbers(events);
  CHECK(events[0] == Json{{"seq", 1},
                          {"time", "2026-11-20T12:00:00.000Z"},
                          {"event", "work:added"},
                          {"task", "bcdf2345"},
                          {"title", "a \"b\"\nc"}});
  CHECK(events[1] == Json{{"seq", 2}, {"time", "2026-11-20T12:00:00.000Z"}, {"event", "plain"}});
  CHECK(read_file(folder.path() / "deep" / "events.jsonl").starts_with("{\"seq\":1,\"time\":"));
}

TEST_CASE("reading starts after any number") {
  const TemporaryFolder folder;
  EventLog log(folder.path() / "events.jsonl", fixed_clock);
  for (int number = 1; number <= 500; ++number)
    log.append("e", {{"text", std::string(static_cast<std::size_t>(number % 97 * 13), 'x')}});
  log.append("long", {{"text", std::string(200'000, 'y')}});
  log.append("last", nullptr);
  for (const std::int64_t since : {0, 1, 7, 250, 499, 500, 501, 502, 900}) {
    const auto events = events_after(log, since);
    CHECK(events.size() == static_cast<std::size_t>(std::max<std::int64_t>(0, 502 - since)));
    if (!events.empty()) CHECK(events.front()["seq"] == since + 1);
  }
}

TEST_CASE("a line that a crash cut off is dropped and its number given again") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "events.jsonl";
  EventLog log(file, fixed_clock);
  log.append("one", nullptr);
  std::ofstream(file, std::ios::app) << "{\"seq\":2,\"time\":\"2026-";
  CHECK(events_after(log, 0).size() == 1);
  CHECK(log.append("two", nullptr) == 2);
  const auto events = events_after(log, 0);
  REQUIRE(events.size() == 2);
  CHECK(events[1]["event"] == "two");
}

TEST_CASE("many processes append without a gap, also when some are killed") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "events.jsonl";
  std::vector<pid_t> writers;
  constexpr int per_writer = 60;
  for (int writer = 0; writer < 8; ++writer) {
    writers.push_back(start_process([&] {
      EventLog log(file, fixed_clock);
      for (int number = 0; number < per_writer; ++number)
        log.append("e", {{"writer", writer}, {"number", number}});
    }));
  }
  std::vector<pid_t> doomed;
  for (int writer = 0; writer < 4; ++writer) {
    doomed.push_back(start_process([&] {
      EventLog log(file, fixed_clock);
      for (;;) log.append("doomed", {{"text", std::string(3000, 'z')}});
    }));
  }
  for (const pid_t writer : writers) CHECK(end_of(writer) == 0);
  for (const pid_t writer : doomed) {
    ::kill(writer, SIGKILL);
    CHECK(WIFSIGNALED(end_of(writer)));
  }
  EventLog log(file, fixed_clock);
  log.append("end", nullptr);
  const auto events = events_after(log, 0);
  check_numbers(events);
  std::vector<int> next(8, 0);
  for (const Json& event : events) {
    if (event["event"] != "e") continue;
    CHECK(event["number"] == next[event["writer"].get<std::size_t>()]++);
  }
  CHECK(next == std::vector<int>(8, per_writer));
}

TEST_CASE("a follower sees events of other processes as they come, from before the log exists") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "events.jsonl";
  EventLog log(file, fixed_clock);
  std::mutex mutex;
  std::vector<std::string> seen;
  std::atomic<bool> enough = false;
  std::thread follower([&] {
    EventLog own(file, fixed_clock);
    own.read(
        0,
        [&](const std::string& line) {
          const std::lock_guard guard(mutex);
          seen.push_back(parse_json(line, "x")["event"]);
          if (seen.back() == "stop") enough = true;
        },
        [&] { return !enough; });
  });
  const pid_t writer = start_process([&] {
    for (int number = 0; number < 20; ++number) EventLog(file, fixed_clock).append("e", nullptr);
  });
  CHECK(end_of(writer) == 0);
  log.append("stop", nullptr);
  follower.join();
  CHECK(seen.size() == 21);
}

TEST_CASE("a follower goes on with the new log when the old one is deleted") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "events.jsonl";
  EventLog log(file, fixed_clock);
  log.append("old", nullptr);
  std::vector<std::string> seen;
  std::atomic<int> count = 0;
  std::thread follower([&] {
    EventLog(file, fixed_clock)
        .read(
            0,
            [&](const std::string& line) {
              seen.push_back(parse_json(line, "x")["event"]);
              ++count;
            },
            [&] { return count < 2; });
  });
  while (count < 1) std::this_thread::yield();
  std::filesystem::remove(file);
  log.append("new", nullptr);
  follower.join();
  CHECK(seen == std::vector<std::string>{"old", "new"});
}
