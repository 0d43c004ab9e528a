#include "server/subscription.hpp"

#include <fmt/format.h>

using namespace changeling::server;

namespace {

Event event(std::int64_t number) {
  return *event_from(fmt::format("{{\"seq\":{},\"event\":\"x\"}}", number));
}

/// A client and the numbers that it got, a reset as its negative.
struct Client {
  explicit Client(std::optional<std::int64_t> after)
      : subscription(after, [this](const std::shared_ptr<const std::string>& text) {
          const bool is_reset = text->find("reset") != std::string::npos;
          const auto place = is_reset ? text->find("\"seq\":") + 6 : std::string("{\"seq\":").size();
          const auto number = std::stoll(text->substr(place));
          got.push_back(is_reset ? -number : number);
        }) {}

  std::vector<std::int64_t> got;
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

TEST_CASE("who names no event begins with the next one") {
  Client client(std::nullopt);
  client.subscription.on_event(event(5));
  client.subscription.on_event(event(6));
  client.subscription.on_backlog({{}, 5, false});
  CHECK(client.got == Numbers{6});
}

TEST_CASE("what is gone is told, and the client goes on from there") {
  Client client(3);
  client.subscription.on_event(event(9));
  client.subscription.on_backlog({{}, 8, true});
  CHECK(client.got == Numbers{-8, 9});
}

TEST_CASE("a log that counts from one again is told") {
  Client client(3);
  client.subscription.on_backlog({{event(4)}, 4, false});
  client.subscription.reset(0);
  client.subscription.on_event(event(1));
  CHECK(client.got == Numbers{4, 0, 1});
}
