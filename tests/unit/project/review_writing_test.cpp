#include "project/review_writing.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "review_fixture.hpp"
#include "store/undo.hpp"

using namespace changeling;
using namespace changeling::testing;
using project::ReviewDraft;
using store::DiffSide;

namespace {

/// Request 1 changes one file, adds, deletes and renames others.
struct Place : ReviewPlace {
  Place() {
    write("code.txt", numbered(1, 20));
    write("gone.txt", "one\ntwo\n");
    write("old name.txt", numbered(1, 30));
    write("same.txt", "untouched");
    commit("base");
    place.git("switch -q -c changelings/sprite/one");
    write("code.txt", numbered(1, 9) + "changed\n" + numbered(11, 20));
    write("Grüße.txt", "hallo\n");
    write("empty.txt", "");
    write("logo.bin", std::string("\0\1\2\n", 4));
    place.git("rm -q gone.txt");
    place.git("mv 'old name.txt' 'new name.txt'");
    head = commit("change");
    place.git("switch -q main");
    propose("changelings/sprite/one", head);
  }
  store::ReviewRecord say(const std::string& file, std::optional<std::int64_t> line,
                          DiffSide side = DiffSide::New) {
    store::ReviewComment comment;
    comment.file = file;
    comment.line = line;
    comment.side = side;
    comment.text = "why?";
    return project::add_review(project, 1, {store::ReviewVerdict::Comment, "", {comment}, ""});
  }
  std::optional<Error> refusal(const std::string& file, std::optional<std::int64_t> line,
                               DiffSide side = DiffSide::New) {
    return error_of([&] { say(file, line, side); });
  }
  std::string head;
};

}  // namespace

TEST_CASE("a review lies on the state with who has said it and what was looked at") {
  Place place;
  const auto written =
      project::add_review(place.project, 1, {store::ReviewVerdict::ChangesRequested, "Not yet", {}, ""});
  const auto read = store::read_review(place.project.snapshot(), 1, written.id);
  REQUIRE(read.has_value());
  CHECK(read->author == "Tester <tester@example.com>");
  CHECK(read->head == place.head);
  CHECK(read->base == place.project.repository().resolve_revision("main")->hex());
  CHECK(read->verdict == store::ReviewVerdict::ChangesRequested);
}

TEST_CASE("a comment is on a line that there is") {
  Place place;
  for (const auto& there : std::vector<std::pair<std::string, std::int64_t>>{
           {"code.txt", 10}, {"Grüße.txt", 1}, {"same.txt", 1}, {"new name.txt", 30}}) {
    CAPTURE(there.first);
    CHECK(place.say(there.first, there.second).comments.at(0).line == there.second);
  }
  CHECK(place.refusal("code.txt", 21)->hint() == "its last line is 20");
  CHECK(place.refusal("same.txt", 2)->hint() == "its last line is 1");
  CHECK(place.refusal("empty.txt", 1)->hint() == "it is empty");
  CHECK(place.refusal("code.txt", 0)->kind() == ErrorKind::NotFound);
  CHECK(place.refusal("logo.bin", 1)->kind() == ErrorKind::Invalid);
  CHECK_FALSE(place.say("logo.bin", std::nullopt).comments.at(0).line.has_value());
}

TEST_CASE("a file that is not there is told with the nearest") {
  Place place;
  CHECK(place.refusal("coed.txt", 1)->hint() == "did you mean 'code.txt'?");
  const auto far = place.refusal("nothing/like/it", 1);
  CHECK(far->kind() == ErrorKind::NotFound);
  CHECK(far->hint().starts_with("it changes Grüße.txt, code.txt, "));
  CHECK(far->hint().ends_with(" and 1 more"));
  CHECK(place.refusal("old name.txt", 1)->hint() == "comment on 'new name.txt'");
  CHECK(std::string(place.refusal("gone.txt", 1)->what()) == "the request deletes 'gone.txt'");
  CHECK(place.refusal("Grüße.txt", 1, DiffSide::Old)->hint() == "it has no old side");
}

TEST_CASE("the old side of a file has its old name") {
  Place place;
  CHECK(place.say("gone.txt", 2, DiffSide::Old).comments.at(0).file == "gone.txt");
  CHECK(place.say("new name.txt", 2, DiffSide::Old).comments.at(0).file == "old name.txt");
  CHECK(place.say("old name.txt", 2, DiffSide::Old).comments.at(0).file == "old name.txt");
}

TEST_CASE("a review says something, and not too much") {
  Place place;
  const auto refused = [&](const ReviewDraft& draft) {
    const auto error = error_of([&] { project::add_review(place.project, 1, draft); });
    return error && error->kind() == ErrorKind::Usage;
  };
  ReviewDraft draft;
  CHECK(refused(draft));
  draft.text = " \n";
  CHECK(refused(draft));
  draft.text = std::string(store::most_review_text + 1, 'x');
  CHECK(refused(draft));
  draft.text = "enough";
  store::ReviewComment comment;
  comment.file = "code.txt";
  draft.comments = {comment};
  CHECK(refused(draft));
  comment.text = std::string(store::most_review_text, 'x');
  draft.comments.assign(5, comment);
  CHECK(refused(draft));
  comment.text = "short";
  draft.comments.assign(store::most_review_comments + 1, comment);
  CHECK(refused(draft));
  draft.comments.resize(store::most_review_comments);
  CHECK_FALSE(refused(draft));
}

TEST_CASE("what was looked at leads to what is proposed now") {
  Place place;
  place.place.git("switch -q changelings/sprite/one");
  place.write("code.txt", numbered(3, 20));
  const std::string newer = place.commit("more");
  place.place.git("switch -q main");
  place.propose("changelings/sprite/one", newer);
  const auto from = [&](const std::string& head) {
    return project::add_review(place.project, 1, {store::ReviewVerdict::Comment, "seen", {}, head}).head;
  };
  CHECK(from("") == newer);
  CHECK(from(place.head) == place.head);
  place.write("aside", "x");
  const std::string aside = place.commit("aside");
  CHECK(error_of([&] { from(aside); })->kind() == ErrorKind::Conflict);
  const std::string base = place.project.repository().resolve_revision("main~")->hex();
  for (const std::string& wrong : {std::string("nonsense"), std::string("changelings/sprite/one"), base})
    CHECK(error_of([&] { from(wrong); })->kind() == ErrorKind::Conflict);
}

TEST_CASE("only an open request is reviewed") {
  Place place;
  place.close();
  CHECK(place.refusal("code.txt", 1)->kind() == ErrorKind::Refused);
  CHECK(error_of([&] { project::add_review(place.project, 7, {}); })->kind() == ErrorKind::NotFound);
}

TEST_CASE("a thread is resolved once, and by its own name") {
  Place place;
  const auto review = place.say("code.txt", 10);
  const std::string thread = store::thread_id(review.id, 0);
  const auto resolved = project::resolve_thread(place.project, 1, thread);
  CHECK(resolved.comments[0].resolved_by == "Tester <tester@example.com>");
  const auto commit = place.project.snapshot().commit();
  CHECK(project::resolve_thread(place.project, 1, thread).comments[0].resolved_at ==
        resolved.comments[0].resolved_at);
  CHECK(place.project.snapshot().commit() == commit);
  const auto other = place.say("code.txt", 11);
  for (const std::string wrong : {"nonsense", "zzzz2222-1", "../../x-1"}) {
    const auto error = error_of([&] { project::resolve_thread(place.project, 1, wrong); });
    CHECK(error->kind() == ErrorKind::NotFound);
    CHECK(error->hint() == "open are: " + other.id + "-1");
  }
  CHECK(error_of([&] { project::resolve_thread(place.project, 1, review.id + "-2"); }).has_value());
}

TEST_CASE("a review is taken back as everything else") {
  Place place;
  const auto review = place.say("code.txt", 10);
  const auto operation =
      store::operation_to_undo(place.project.store(), place.project.repository(), place.project.tasks());
  CHECK(operation.kind == "review.add");
  store::take_back(place.project.store(), place.project.repository(), place.project.tasks(), operation);
  CHECK_FALSE(store::read_review(place.project.snapshot(), 1, review.id).has_value());
}
