#include "run/review_feedback.hpp"

#include <doctest/doctest.h>

#include "start_fixture.hpp"
#include "store/review_record.hpp"

using namespace changeling;
using changeling::testing::StartFixture;
using store::ReviewRecord;

namespace {

/// Request 7, whose branch has one commit.
struct Reviewed : StartFixture {
  Reviewed() {
    forge::PullRequest& pull = open_pull_request();
    head = commit(pull.branch, "code.txt", "one\ntwo\nthree");
    pull.head = head->hex();
  }
  void write(const ReviewRecord& review) {
    open->store.update({"review", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_review(change, review);
    });
  }
  /// Of line 2, as somebody writes it who looks at `commit`.
  ReviewRecord review(const std::string& id, const git::ObjectId& commit) {
    ReviewRecord record;
    record.id = id;
    record.request = 7;
    record.author = "Ada <ada@example.com>";
    record.written_at = open->clock.now();
    record.text = "about " + id;
    record.head = commit.hex();
    record.base = main().hex();
    record.comments = {{"code.txt", 2, store::DiffSide::New, "why " + id + "?", {}, "", std::nullopt}};
    return record;
  }
  std::string feedback() { return run::review_feedback(services(), own_open.back(), {main(), *head}); }
  std::optional<git::ObjectId> head;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Reviewed, "nothing was said of a request without reviews") {
  CHECK(feedback().empty());
  CHECK(run::new_reviews(services(), own_open.back()).empty());
}

TEST_CASE_FIXTURE(Reviewed, "an agent is told what is new, and every open thread with its lines") {
  const auto before = *head;
  write(review("aaaa", before));
  auto settled = review("bbbb", before);
  settled.comments[0].resolved_at = open->clock.now();
  write(settled);
  CHECK(run::new_reviews(services(), own_open.back()).size() == 2);
  head = commit(own_open.back().branch, "code.txt", "zero\none\ntwo\nthree");
  own_open.back().head = head->hex();
  CHECK(run::new_reviews(services(), own_open.back()).empty());
  auto newer = review("cccc", *head);
  newer.verdict = store::ReviewVerdict::ChangesRequested;
  newer.comments.clear();
  write(newer);
  const std::string text = feedback();
  CHECK_FALSE(holds(text, "about aaaa"));
  CHECK(holds(text, "Ada asks for changes"));
  CHECK(holds(text, "about cccc"));
  CHECK(holds(text, "Thread aaaa-1: code.txt, line 3\n"));
  CHECK(holds(text, "      2 | one\n>     3 | two\n      4 | three\n"));
  CHECK(holds(text, "Ada says:\nwhy aaaa?\n"));
  CHECK_FALSE(holds(text, "bbbb"));
}

TEST_CASE_FIXTURE(Reviewed, "a line that was changed since is told as it was") {
  write(review("aaaa", *head));
  head = commit(own_open.back().branch, "code.txt", "one\nother\nthree");
  const std::string text = feedback();
  CHECK(holds(text, "code.txt, line 2 of an earlier version"));
  CHECK(holds(text, ">     2 | two\n"));
}

TEST_CASE_FIXTURE(Reviewed, "what is told is bounded") {
  for (int number = 0; number < 30; ++number) {
    auto long_one = review("id" + std::to_string(number), *head);
    long_one.text = std::string(7000, 'x');
    write(long_one);
  }
  const std::string text = feedback();
  CHECK(text.size() < 100'000);
  CHECK(holds(text, " more are left out here.\n"));
}

TEST_CASE_FIXTURE(Reviewed, "the oldest request that somebody has said something of is gone on with") {
  definition.max_open_prs = 3;
  own_open.push_back(own_open.front());
  own_open.back().number = 8;
  CHECK_FALSE(find().continues);
  write(review("aaaa", *head));
  REQUIRE(find().continues);
  CHECK(find().continues->number == 7);
}

TEST_CASE_FIXTURE(Reviewed, "a run that found nothing to change has answered what was said before it") {
  const std::string start = head->hex();
  write(review("aaaa", *head));
  const auto said = run::new_reviews(services(), own_open.back());
  const auto answered = [&] {
    services().runs.follow();
    return run::was_answered(services(), "sprite", said, start);
  };
  CHECK(run::was_answered(services(), "sprite", {}, start));
  CHECK_FALSE(answered());
  store::RunRecord run = testing::running_record("bbcc2222dd");
  run.changeling = "sprite";
  run.start = start;
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::NoChanges;
  run.started_at = open->clock.now() - std::chrono::hours(1);
  const auto note = [&] {
    open->store.update({"run", "test", {}},
                       [&](const store::Snapshot&, store::Change& change) { store::write_run(change, run); });
  };
  note();
  CHECK_FALSE(answered());
  run.started_at = open->clock.now() + std::chrono::hours(1);
  note();
  CHECK(answered());
}
