#include "server/subscription.hpp"

#include <fmt/format.h>

using namespace changeling::server;

namespace {

Event event(std::int64_t number) {
  return *event_from(fmt::format("{{\"seq\":{},\"event\":\"x\"}}", number));
}

/// A client and the numbers that it got, that of a reset or of the beginning as its negative.
struct Client {
  explicit Client(std::optional<std::int64_t> after)
      : subscription(after, [this](const std::shared_ptr<const std::string>& text) {
          const bool is_place = text->starts_with("{\"event\":");
          const auto number = std::stoll(text->substr(text->find("\"seq\":") + 6));
          got.push_back(is_place ? -number : number);
          if (is_place) told.push_back(*text);
        }) {}

  std::vector<std::int64_t> got;
  std::vector<std::string> told;
  Subscription subscription;
};

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("lines without a number are no events") {
  CHECK(event_from("{\"seq\":12,\"event\":\"x\"}")->number == 12);
  for (const char* line : {"", "{}", "{\"seq\":}", "{\"seq\":-1}", " {\"seq\":1}"})
    CHECK_FALSE(event_from(line));
  CHECK(event_number("0") == 0);
  for (const char* text : {"", "-1", "1x", " 1", "99999999999999999999"}) CHECK_FALSE(event_number(text));
}

TEST_CASE("what was missed comes first, each event once and in order") {
  Client client(3);
  client.subscription.on_event(event(6));
  client.subscription.on_event(event(7));
  CHECK(client.got.empty());
  client.subscription.on_backlog({{event(4), event(5), event(6)}, 6, false});
  CHECK(client.got == Numbers{4, 5, 6, 7});
  client.subscription.on_event(event(7));
  client.subscription.on_event(event(8));
  CHECK(client.got == Numbers{4, 5, 6, 7, 8});
}

TEST_CASE("who names no event is told where the log ends, and begins with the next one") {
  Client client(std::nullopt);
  client.subscription.on_event(event(5));
  client.subscription.on_event(event(6));
  CHECK(client.got.empty());
  client.subscription.on_backlog({{}, 5, false});
  CHECK(client.told == std::vector<std::string>{R"({"event":"begin","seq":5})"});
  CHECK(client.got == Numbers{-5, 6});
}

TEST_CASE("what came before the place of a new client was known is in what it loads once it is told") {
  Client client(std::nullopt);
  client.subscription.on_event(event(4));
  client.subscription.on_event(event(5));
  client.subscription.on_backlog({{}, 5, false});
  client.subscription.on_event(event(6));
  CHECK(client.got == Numbers{-5, 6});
}

TEST_CASE("who names no event is told to load anew where the end of the log could not be found") {
  Client client(std::nullopt);
  client.subscription.on_event(event(5));
  client.subscription.on_backlog({{}, 0, true});
  CHECK(client.told == std::vector<std::string>{R"({"event":"reset","seq":0})"});
  CHECK(client.got == Numbers{0, 5});
}

TEST_CASE("what is gone is told, and the client goes on from there") {
  Client client(3);
  client.subscription.on_event(event(9));
  client.subscription.on_backlog({{}, 8, true});
  CHECK(client.got == Numbers{-8, 9});
  CHECK(client.told == std::vector<std::string>{R"({"event":"reset","seq":8})"});
}

TEST_CASE("a log that counts from one again is told") {
  Client client(3);
  client.subscription.on_backlog({{event(4)}, 4, false});
  client.subscription.reset(0);
  client.subscription.on_event(event(1));
  CHECK(client.got == Numbers{4, 0, 1});
}
