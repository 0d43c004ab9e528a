#include "server/api/repeated_requests.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../temporary_repository.hpp"
#include "server/api/call.hpp"

using namespace changeling;
using server::Request;
using server::Response;
using server::api::RepeatedRequests;
using testing::error_of;

namespace {

class SteppedClock : public Clock {
 public:
  Timestamp now() const override { return now_; }
  void step(Duration duration) { now_ += duration; }

 private:
  Timestamp now_ = parse_timestamp("2026-11-20T12:00:00Z");
};

struct Place {
  RepeatedRequests open() { return {folder.path() / "deep" / "requests.sqlite", clock}; }
  testing::TemporaryFolder folder;
  SteppedClock clock;
};

Request request(const std::string& key, const std::string& body = "{}") {
  return {"POST", "/api/v1/tasks", {}, {{"idempotency-key", key}}, body, {"s", "ada", true}};
}

const Response created{201, "application/json", {{"location", "tasks/a"}}, "{\"id\":\"a\"}\n"};

}  // namespace

TEST_CASE("an answer is found again by another process, whole") {
  Place place;
  RepeatedRequests first = place.open();
  CHECK(!first.begin(request("k")));
  first.finish(request("k"), created);
  const auto known = place.open().begin(request("k"));
  REQUIRE(known.has_value());
  CHECK(known->status == 201);
  CHECK(known->headers == created.headers);
  CHECK(known->body == created.body);
}

TEST_CASE("a request that goes on elsewhere, or was cut off, is not carried out a second time") {
  Place place;
  CHECK(!place.open().begin(request("k")));
  const auto refused = error_of([&] { place.open().begin(request("k")); });
  REQUIRE(refused.has_value());
  CHECK(refused->kind() == ErrorKind::Conflict);
  CHECK(std::string(refused->what()).find("2026-11-20T12:00:00.000Z") != std::string::npos);
}

TEST_CASE("what has failed without a trace may be tried again") {
  Place place;
  RepeatedRequests requests = place.open();
  CHECK(!requests.begin(request("k")));
  requests.forget(request("k"));
  CHECK(!place.open().begin(request("k")));
}

TEST_CASE("a key is free again after a day") {
  Place place;
  RepeatedRequests requests = place.open();
  requests.begin(request("k"));
  requests.finish(request("k"), created);
  place.clock.step(std::chrono::hours(23));
  CHECK(requests.begin(request("k")).has_value());
  place.clock.step(std::chrono::hours(2));
  CHECK(!requests.begin(request("k", "{\"other\":1}")).has_value());
}

TEST_CASE("long answers push the oldest ones out") {
  Place place;
  RepeatedRequests requests = place.open();
  Response big = created;
  big.body = std::string(std::size_t{20} << 20U, 'b');
  for (const char* key : {"one", "two", "three", "four"}) {
    requests.begin(request(key));
    requests.finish(request(key), big);
    place.clock.step(std::chrono::seconds(1));
  }
  CHECK(!requests.begin(request("one")).has_value());
  CHECK(requests.begin(request("four")).has_value());
}
