#include "project/review_threads.hpp"

#include <doctest/doctest.h>

#include "project/review.hpp"
#include "project/review_writing.hpp"
#include "review_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using project::ReviewThread;
using store::DiffSide;

namespace {

struct Place : ReviewPlace {
  Place() {
    write("code.txt", numbered(1, 20));
    write("gone.txt", "one\ntwo\nthree\n");
    commit("base");
    place.git("switch -q -c changelings/sprite/one");
    write("code.txt", numbered(1, 9) + "changed\n" + numbered(11, 20));
    place.git("rm -q gone.txt");
    propose("changelings/sprite/one", commit("change"));
  }
  void say(const std::string& file, std::optional<std::int64_t> line, DiffSide side = DiffSide::New) {
    store::ReviewComment comment;
    comment.file = file;
    comment.line = line;
    comment.side = side;
    comment.text = "why?";
    project::add_review(project, 1, {store::ReviewVerdict::Comment, "", {comment}, ""});
  }
  std::optional<project::ComparedCommits> compared() {
    return project::changes_of(project, project::find_request(project, 1)).commits;
  }
  std::vector<ReviewThread> threads() {
    return project::review_threads(project.repository(), store::read_reviews(project.snapshot(), 1),
                                   compared());
  }
  /// "code.txt:3" for each thread, "?" for what is nowhere any more.
  std::string places() {
    std::string text;
    for (const ReviewThread& thread : threads()) {
      text += text.empty() ? "" : " ";
      text += !thread.now ? "?" : thread.now->file + ":" + std::to_string(thread.now->line.value_or(0));
    }
    return text;
  }
};

}  // namespace

TEST_CASE("a thread follows its line") {
  Place place;
  place.say("code.txt", 2);
  place.say("code.txt", 10);
  place.say("code.txt", 20);
  place.say("gone.txt", 2, DiffSide::Old);
  place.say("code.txt", std::nullopt);
  CHECK(place.places() == "code.txt:2 code.txt:10 code.txt:20 gone.txt:2 code.txt:0");
  place.write("code.txt", "new\n" + numbered(1, 9) + "changed again\n" + numbered(11, 20));
  place.propose("changelings/sprite/one", place.commit("again"));
  CHECK(place.places() == "code.txt:3 ? code.txt:21 gone.txt:2 code.txt:0");
  place.place.git("mv code.txt elsewhere.txt");
  place.propose("changelings/sprite/one", place.commit("rename"));
  CHECK(place.places() == "elsewhere.txt:3 ? elsewhere.txt:21 gone.txt:2 elsewhere.txt:0");
  place.place.git("rm -q elsewhere.txt");
  place.propose("changelings/sprite/one", place.commit("remove"));
  CHECK(place.places() == "? ? ? gone.txt:2 ?");
}

TEST_CASE("the lines around a thread are today's, or else those it was written on") {
  Place place;
  place.say("code.txt", 10);
  const auto shown = [&] {
    std::string text;
    for (const auto& line :
         project::lines_around(place.project.repository(), place.threads().at(0), place.compared(), 1))
      text += std::to_string(line.number) + " " + line.text + ";";
    return text;
  };
  CHECK(shown() == "9 line 9;10 changed;11 line 11;");
  place.write("code.txt", "new\n" + numbered(1, 9) + "changed\n" + numbered(11, 20));
  place.propose("changelings/sprite/one", place.commit("moved"));
  CHECK(shown() == "10 line 9;11 changed;12 line 11;");
  place.write("code.txt", numbered(1, 4));
  place.propose("changelings/sprite/one", place.commit("shorter"));
  CHECK(shown() == "9 line 9;10 changed;11 line 11;");
}

TEST_CASE("what was said before the changeling proposed its head is no news") {
  Place place;
  project::add_review(place.project, 1, {store::ReviewVerdict::ChangesRequested, "Not yet", {}, ""});
  place.say("code.txt", 2);
  const auto state = [&] {
    const auto pull = project::find_request(place.project, 1);
    return project::review_state(place.project.repository(), store::read_reviews(place.project.snapshot(), 1),
                                 pull.head);
  };
  CHECK(state().changes_requested);
  CHECK(state().open_threads == 1);
  place.write("code.txt", "other\n");
  const std::string by_people = place.commit("by-people");
  CHECK(state().changes_requested);
  project::add_review(place.project, 1, {store::ReviewVerdict::Comment, "see my commit", {}, ""});
  const auto last = store::read_reviews(place.project.snapshot(), 1).back();
  CHECK(last.head == by_people);
  place.propose("changelings/sprite/one", by_people);
  CHECK_FALSE(state().changes_requested);
  CHECK(state().open_threads == 1);
  CHECK(project::is_news(place.project.repository(), last, by_people));
}
