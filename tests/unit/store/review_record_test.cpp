#include "store/review_record.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../temporary_repository.hpp"
#include "open_store.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::ReviewRecord;

namespace {

Timestamp at(int seconds) {
  return fixed_clock.now() + std::chrono::seconds(seconds);
}

ReviewRecord review(const std::string& id = "bcdf2345") {
  ReviewRecord record;
  record.id = id;
  record.request = 3;
  record.author = "Ada <ada@example.com>";
  record.written_at = at(0);
  record.verdict = store::ReviewVerdict::ChangesRequested;
  record.text = "Not yet.\nSee below.";
  record.head = "1234";
  record.base = "abcd";
  record.comments = {{"Größe \n2.txt", 7, store::DiffSide::New, "why?", {}, "", std::nullopt},
                     {"gone", 1, store::DiffSide::Old, "keep it", {}, "", std::nullopt},
                     {"logo.png", std::nullopt, store::DiffSide::New, "too large", {}, "", std::nullopt}};
  return record;
}

void resolve(ReviewRecord& record, std::size_t index, const std::string& by, int seconds) {
  record.comments[index].resolved_by = by;
  record.comments[index].resolved_at = at(seconds);
}

ReviewRecord merged(const ReviewRecord& base, const ReviewRecord& ours, const ReviewRecord& published) {
  const std::string path = store::review_path(base.request, base.id);
  const auto result =
      store::merge_record(path, {review_text(base), review_text(ours), review_text(published)});
  return store::review_from_json(Json::parse(*result.content), path);
}

}  // namespace

TEST_CASE("a review survives being written and read") {
  ReviewRecord record = review();
  record.comments[0].replies = {{"sprite", at(5), "because"}};
  resolve(record, 1, "Bob <bob@example.com>", 9);
  const Json json = to_json(record);
  CHECK(to_json(store::review_from_json(json, "here")) == json);
  CHECK(json["comments"][0]["line"] == 7);
  CHECK(json["comments"][1]["side"] == "old");
  CHECK(json["comments"][2]["line"].is_null());
}

TEST_CASE("a review of the wrong shape is none") {
  const auto broken = [](const std::string& pointer, const Json& value) {
    Json json = to_json(review());
    json[Json::json_pointer(pointer)] = value;
    const auto error = error_of([&] { static_cast<void>(store::review_from_json(json, "here")); });
    return error && std::string(error->what()).starts_with("here: ");
  };
  CHECK(broken("/id", ""));
  CHECK(broken("/id", "../../x"));
  CHECK(broken("/request", 0));
  CHECK(broken("/verdict", "approved"));
  CHECK(broken("/written_at", nullptr));
  CHECK(broken("/comments", "none"));
  CHECK(broken("/comments/0", "text"));
  CHECK(broken("/comments/0/file", ""));
  CHECK(broken("/comments/0/line", 0));
  CHECK(broken("/comments/0/side", "left"));
  CHECK(broken("/comments/0/replies", Json::array({1})));
  CHECK(broken("/comments", Json(201, to_json(review())["comments"][0])));
  CHECK_FALSE(broken("/comments/0/line", nullptr));
}

TEST_CASE("a review has a place of its own") {
  CHECK(store::review_path(3, "bcdf2345") == "reviews/3/bcdf2345.json");
  const auto place = store::review_at("reviews/3/bcdf2345.json");
  REQUIRE(place.has_value());
  CHECK(place->request == 3);
  CHECK(place->id == "bcdf2345");
  for (const char* wrong :
       {"reviews/0/a.json", "reviews/03/a.json", "reviews/x/a.json", "reviews/3/.json", "reviews/3/A.json",
        "reviews/3/a/b.json", "reviews/a.json", "reviews/3/a.toml", "pulls/3/a.json"}) {
    CAPTURE(wrong);
    CHECK_FALSE(store::review_at(wrong).has_value());
  }
}

TEST_CASE("a thread is named by its review and its place there") {
  CHECK(store::thread_id("bcdf2345", 0) == "bcdf2345-1");
  const auto place = store::parse_thread_id("bcdf2345-12");
  REQUIRE(place.has_value());
  CHECK(place->review == "bcdf2345");
  CHECK(place->index == 11);
  for (const char* wrong : {"", "bcdf2345", "bcdf2345-", "bcdf2345-0", "bcdf2345-x", "-1", "../a-1"})
    CHECK_FALSE(store::parse_thread_id(wrong).has_value());
}

TEST_CASE("the reviews of a request are read oldest first, and damaged ones are named") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  ReviewRecord later = review("aaaa2222");
  later.written_at = at(60);
  ReviewRecord elsewhere = review("cccc2222");
  elsewhere.request = 30;
  open.store.update({"reviews", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (const ReviewRecord& record : {later, review(), elsewhere}) write_review(change, record);
    change.write("reviews/3/dddd2222.json", review_text(review()));
    change.write("reviews/3/README", "?");
  });
  store::DamagedRecords damaged;
  std::vector<std::string> ids;
  for (const ReviewRecord& record : read_reviews(open.store.snapshot(), 3, &damaged))
    ids.push_back(record.id);
  CHECK(ids == std::vector<std::string>{"bcdf2345", "aaaa2222"});
  CHECK(damaged.size() == 2);
  CHECK(read_review(open.store.snapshot(), 3, "aaaa2222")->written_at == at(60));
  CHECK_FALSE(read_review(open.store.snapshot(), 3, "bbbb2222").has_value());
  CHECK(error_of([&] { read_review(open.store.snapshot(), 3, "dddd2222"); })->kind() == ErrorKind::Invalid);
}

TEST_CASE("what two clones add to threads is kept from both") {
  const ReviewRecord base = review();
  ReviewRecord ours = base;
  ReviewRecord published = base;
  resolve(ours, 0, "ours", 20);
  resolve(published, 0, "theirs", 10);
  resolve(ours, 1, "ours", 20);
  ours.comments[2].replies = {{"ours", at(30), "one"}};
  published.comments[2].replies = {{"theirs", at(20), "two"}, {"both", at(25), "three"}};
  ours.comments[2].replies.push_back(published.comments[2].replies[1]);
  const ReviewRecord both = merged(base, ours, published);
  CHECK(both.comments[0].resolved_by == "theirs");
  CHECK(both.comments[1].resolved_by == "ours");
  CHECK_FALSE(both.comments[2].resolved_at.has_value());
  std::vector<std::string> said;
  for (const store::ReviewReply& reply : both.comments[2].replies) said.push_back(reply.text);
  CHECK(said == std::vector<std::string>{"two", "three", "one"});
}
