#include "notify/notice_book.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::notify;
using changeling::testing::error_of;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");
constexpr std::chrono::minutes minute(1);

Notification of(const std::string& kind, const std::string& subject, const std::string& cause) {
  Notification notification;
  notification.kind = kind;
  notification.subject = subject;
  notification.cause = cause;
  notification.repository = "project";
  notification.title = "project: " + subject + " " + kind;
  notification.text = "It failed.";
  notification.link = "https://example.org/1";
  return notification;
}

}  // namespace

TEST_CASE("a notification goes out through each channel, and once for its cause") {
  NoticeBook book;
  CHECK(admit(book, of("failed", "a", "run 1"), {"mail", "slack"}, noon));
  CHECK_FALSE(admit(book, of("failed", "a", "run 1"), {"mail", "slack"}, noon + minute));
  const auto due = due_deliveries(book, noon + minute);
  REQUIRE(due.size() == 2);
  CHECK(due[0].channel == "mail");
  CHECK(due[1].notification.title == "project: a failed");
  note_delivered(book, due[0]);
  CHECK(due_deliveries(book, noon + minute).size() == 1);
  note_delivered(book, due[1]);
  CHECK(book.waiting.empty());
  CHECK_FALSE(admit(book, of("failed", "a", "run 1"), {"mail"}, noon + std::chrono::hours(24)));
  CHECK(admit(book, of("failed", "a", "run 1"), {"mail"}, noon + std::chrono::hours(24 * 8)));
}

TEST_CASE("without a channel nothing is noted") {
  NoticeBook book;
  CHECK_FALSE(admit(book, of("failed", "a", "run 1"), {}, noon));
  CHECK(book.causes.empty());
}

TEST_CASE("after three of a kind within an hour the others come as one, an hour later") {
  NoticeBook book;
  for (const char* name : {"1", "2", "3"}) admit(book, of("failed", "a", name), {"mail"}, noon);
  CHECK(due_deliveries(book, noon).size() == 3);
  admit(book, of("failed", "a", "4"), {"mail"}, noon + 10 * minute);
  admit(book, of("failed", "b", "5"), {"mail"}, noon + 20 * minute);
  admit(book, of("failed", "a", "6"), {"mail"}, noon + 30 * minute);
  CHECK(due_deliveries(book, noon + 69 * minute).size() == 3);
  const auto due = due_deliveries(book, noon + 70 * minute);
  REQUIRE(due.size() == 4);
  CHECK(due[3].notification.title == "project: 3 more times failed within an hour");
  CHECK(due[3].notification.text == "a: 2\nb: 1");
  CHECK(due[3].notification.link.empty());
  CHECK(due[3].notification.command == "git changeling status");
}

TEST_CASE("another kind is told although one kind is too much") {
  NoticeBook book;
  for (int count = 0; count < 5; ++count)
    admit(book, of("failed", "a", std::to_string(count)), {"mail"}, noon);
  admit(book, of("missed", "a", "missed"), {"mail"}, noon);
  const auto due = due_deliveries(book, noon);
  REQUIRE(due.size() == 4);
  CHECK(due[3].notification.kind == "missed");
}

TEST_CASE("what goes on failing all day comes as one message an hour, however often it fails") {
  NoticeBook book;
  std::size_t told = 0;
  for (int passed = 0; passed < 24 * 60; passed += 5) {
    const Timestamp now = noon + passed * minute;
    admit(book, of("failed", "a", std::to_string(passed)), {"mail"}, now);
    for (const DueDelivery& one : due_deliveries(book, now)) {
      note_delivered(book, one);
      ++told;
    }
  }
  CHECK(told <= 3 + 24);
  CHECK(told >= 3 + 20);
}

TEST_CASE("a delivery that fails is tried again after longer and longer times, and given up after a day") {
  NoticeBook book;
  admit(book, of("failed", "a", "1"), {"mail", "slack"}, noon);
  note_delivered(book, due_deliveries(book, noon)[0]);
  Timestamp now = noon;
  std::vector<std::int64_t> waits;
  while (!book.waiting.empty()) {
    const auto due = due_deliveries(book, now);
    if (due.empty()) {
      now += minute;
      continue;
    }
    note_failed(book, due[0], "no answer", now);
    if (book.waiting.empty()) break;
    waits.push_back(
        std::chrono::duration_cast<std::chrono::minutes>(book.waiting[0].open[0].next_try - now).count());
    CHECK(delivery_problems(book) ==
          std::vector<std::string>{"notifications do not arrive through slack: no answer"});
  }
  CHECK(waits == std::vector<std::int64_t>{1, 5, 30, 120, 240, 240, 240, 240, 240});
  CHECK(now - noon < std::chrono::hours(24));
  REQUIRE(book.given_up.size() == 1);
  CHECK(book.given_up[0].channel == "slack");
  CHECK(delivery_problems(book).size() == 1);
}

TEST_CASE("what has failed is due again when its user says so, and what was given up is forgotten") {
  NoticeBook book;
  admit(book, of("failed", "a", "1"), {"mail", "slack"}, noon);
  book.given_up.push_back({"title", "ntfy", "gone", noon});
  note_failed(book, due_deliveries(book, noon)[0], "no answer", noon);
  note_delivered(book, due_deliveries(book, noon)[0]);
  REQUIRE(due_deliveries(book, noon).empty());
  CHECK(delivery_problems(book).size() == 2);
  CHECK(try_again(book, noon) == 1);
  CHECK(delivery_problems(book).empty());
  CHECK(due_deliveries(book, noon).size() == 1);
  CHECK(book.waiting[0].open[0].tries == 1);
}

TEST_CASE("a delivery of a notice that is gone changes nothing") {
  NoticeBook book;
  admit(book, of("failed", "a", "1"), {"mail"}, noon);
  note_failed(book, {"other", "mail", {}}, "error", noon);
  note_delivered(book, {"other", "mail", {}});
  CHECK(book.waiting.size() == 1);
  CHECK(book.waiting[0].open[0].tries == 0);
}

TEST_CASE("a book is read as it was written") {
  NoticeBook book;
  for (const char* name : {"1", "2", "3", "4"})
    admit(book, of("failed", "a\"\xc3\xbc", name), {"mail"}, noon);
  note_failed(book, due_deliveries(book, noon)[0], "why", noon);
  book.given_up.push_back({"title", "slack", "error", noon});
  const Json json = to_json(book);
  CHECK(to_json(book_from_json(json)) == json);
  CHECK(error_of([] { book_from_json(Json::array()); })->kind() == ErrorKind::Invalid);
  CHECK(error_of([] {
          book_from_json({{"waiting", 1}, {"causes", 1}, {"given_up", 1}});
        })->kind() == ErrorKind::Invalid);
}
