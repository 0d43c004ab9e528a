#include "webhooks/polling.hpp"

#include <doctest/doctest.h>

#include "support/json.hpp"

using namespace changeling;
using namespace changeling::webhooks;

namespace {

Json event(const std::string& id, const std::string& type) {
  return {{"id", id},
          {"type", type},
          {"actor", {{"id", 12}, {"login", "ada"}}},
          {"repo", {{"name", "acme/widget"}}},
          {"payload", {{"action", "opened"}, {"issue", {{"number", 5}}}}}};
}

http::HttpResponse answer(int status, const Json& body, std::map<std::string, std::string> headers = {}) {
  return {status, std::move(headers), body.dump()};
}

Timestamp at(std::int64_t seconds) {
  return Timestamp(std::chrono::seconds(seconds));
}

}  // namespace

TEST_CASE("events of a list become deliveries as the forge would send them, the oldest first") {
  const Json list{event("12", "IssuesEvent"),
                  event("11", "WatchEvent"),
                  event("10", "PushEvent"),
                  event("9", "IssuesEvent"),
                  Json("odd"),
                  Json{{"id", "13"}, {"type", "IssuesEvent"}}};
  const auto events = events_after(list, 9);
  REQUIRE(events.size() == 2);
  CHECK(events[0].event == "push");
  CHECK(events[1].id == 12);
  const Json body = Json::parse(events[1].body);
  CHECK(body.at("sender").at("id") == 12);
  CHECK(body.at("repository").at("full_name") == "acme/widget");
  CHECK(body.at("action") == "opened");
}

TEST_CASE("the first look is no news, and the next tells what came since") {
  const Json list = Json::array({event("12", "IssuesEvent")});
  const PollAnswer first =
      read_poll(answer(200, list, {{"etag", "\"a\""}, {"x-poll-interval", "90"}}), {}, at(1000));
  CHECK(first.events.empty());
  CHECK(first.memory.newest == 12);
  CHECK(first.memory.etag == "\"a\"");
  CHECK(first.memory.not_before == at(1090));
  const Json more{event("14", "IssuesEvent"), event("12", "IssuesEvent")};
  const PollAnswer second = read_poll(answer(200, more), first.memory, at(2000));
  REQUIRE(second.events.size() == 1);
  CHECK(second.events.front().id == 14);
  CHECK(second.memory.not_before == at(2060));
  const PollAnswer none = read_poll(answer(200, Json::array()), {}, at(1000));
  CHECK(read_poll(answer(200, list), none.memory, at(2000)).events.size() == 1);
}

TEST_CASE("nothing new keeps what is known, and limits are obeyed") {
  const PollMemory known{"\"a\"", 12, at(0)};
  const PollAnswer unchanged = read_poll(answer(304, nullptr, {{"x-poll-interval", "60"}}), known, at(1000));
  CHECK(unchanged.memory.etag == "\"a\"");
  CHECK(unchanged.memory.newest == 12);
  CHECK(unchanged.memory.not_before == at(1060));
  const PollAnswer limited = read_poll(answer(429, nullptr, {{"retry-after", "600"}}), known, at(1000));
  CHECK(limited.memory.not_before == at(1600));
  CHECK(limited.memory.newest == 12);
  CHECK(read_poll(answer(500, nullptr), known, at(1000)).memory.not_before > at(1000));
  CHECK_THROWS(read_poll(answer(200, Json::object()), known, at(1000)));
}
