#include "run/questions.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <thread>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::run;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Both sides of a run: the leader's files, and the folder of the room that the agent writes to.
struct Room {
  TemporaryFolder folder;
  project::RunFiles files{folder.path() / "run"};
  AskingPlace place{folder.path() / "room" / "questions", files.answers()};
  SystemClock clock;
  Redactor redact{{"hunter2-secret"}};
  Questions questions{files, place.questions, redact, clock};

  Room() {
    create_private_directories(place.questions);
    create_private_directories(files.answers());
  }
  void ask(const std::string& text, const std::vector<std::string>& choices = {}) {
    CHECK(ask_user(place, text, choices, 1ms).state == AskedAnswer::State::Open);
  }
};

}  // namespace

TEST_CASE("questions: what is asked is taken once, and its answer is there for whoever asks again") {
  Room room;
  room.ask("Which port?", {"80", "8080"});
  const auto taken = room.questions.take();
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].number == 1);
  CHECK(taken[0].text == "Which port?");
  CHECK(taken[0].choices == std::vector<std::string>{"80", "8080"});
  room.ask("Which port?", {"80", "8080"});
  CHECK(room.questions.take().empty());
  CHECK(read_questions(room.files)[0].is_open());

  const auto given = room.questions.answer(0, "8080", "Ada");
  CHECK(given.question.answer == "8080");
  CHECK_FALSE(room.questions.has_open());
  const auto answer = ask_user(room.place, "Which port?", {"80", "8080"}, std::nullopt);
  CHECK(answer.state == AskedAnswer::State::Answered);
  CHECK(answer.text == "8080");
  const auto kept = read_questions(room.files);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].answered_by == "Ada");
  CHECK_THROWS_WITH_AS(room.questions.answer(1, "80", "Bob"), "question 1 was answered by Ada", Error);
  CHECK_THROWS_WITH_AS(room.questions.answer(0, "80", "Bob"), "the agent has no open question", Error);
  CHECK_THROWS_WITH_AS(room.questions.answer(7, "80", "Bob"), "there is no question 7", Error);
}

TEST_CASE("questions: who waits gets the answer as soon as it is given") {
  Room room;
  AskedAnswer got;
  std::thread agent([&] { got = ask_user(room.place, "Go on?", {}, std::nullopt); });
  while (room.questions.take().empty()) std::this_thread::yield();
  CHECK(room.questions.is_waited_for());
  // What tells it from one that was cut off.
  const fs::path mark = room.files.answers() / (room.questions.all().front().key + ".open");
  changeling::test::eventually([&] { return is_locked(mark); });
  CHECK(room.questions.answer(1, "yes", "Ada").is_read);
  agent.join();
  CHECK(got.text == "yes");
  CHECK_FALSE(room.questions.is_waited_for());
}

TEST_CASE(
    "questions: the answer to one that is asked for later is expected until it comes, and read by nobody") {
  Room room;
  std::thread agent(
      [&] { CHECK(ask_user(room.place, "Later?", {}, 0ms).state == AskedAnswer::State::Open); });
  while (room.questions.take().empty()) std::this_thread::yield();
  agent.join();
  CHECK_FALSE(room.questions.is_waited_for());
  CHECK(room.questions.is_expected());
  CHECK_FALSE(room.questions.answer(0, "now", "Ada").is_read);
  CHECK_FALSE(room.questions.is_expected());
}

TEST_CASE("questions: secrets are not kept, but the agent gets what was answered") {
  Room room;
  room.ask("Is hunter2-secret right?", {"hunter2-secret"});
  const auto taken = room.questions.take();
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].text.find("hunter2") == std::string::npos);
  CHECK(taken[0].choices[0].find("hunter2") == std::string::npos);
  room.questions.answer(0, "no: hunter2-secret", "Ada");
  CHECK(read_file(room.files.questions()).find("hunter2") == std::string::npos);
  CHECK(ask_user(room.place, "Is hunter2-secret right?", {"hunter2-secret"}, 1ms).text ==
        "no: hunter2-secret");
}

TEST_CASE("questions: what the agent puts there does no harm") {
  Room room;
  const std::string key = "0123456789abcdef";
  const fs::path file = room.place.questions / (key + ".json");
  const auto refusal = [&] {
    CHECK(room.questions.take().empty());
    return Json::parse(read_file(room.files.answers() / (key + ".json")))["refused"].get<std::string>();
  };
  SUBCASE("no JSON") {
    write_file(file, "nonsense");
    CHECK(refusal() == "the question is not JSON");
  }
  SUBCASE("a wrong type") {
    write_file(file, R"({"text":5})");
    CHECK(refusal().find("text") != std::string::npos);
  }
  SUBCASE("too long") {
    write_file(file, Json{{"text", std::string(longest_question + 1, 'x')}}.dump());
    CHECK(refusal() == "the question has 4001 bytes; 4000 are allowed");
  }
  SUBCASE("too many choices") {
    write_file(file,
               Json{{"text", "?"}, {"choices", std::vector<std::string>(most_choices + 1, "a")}}.dump());
    CHECK(refusal() == "there are 11 choices; 10 are allowed");
  }
  SUBCASE("a link to somewhere else") {
    room.folder.write("outside", R"({"text":"leaked?"})");
    fs::create_symlink(room.folder.path() / "outside", file);
    CHECK(room.questions.take().empty());
    CHECK_FALSE(fs::exists(room.files.answers() / (key + ".json")));
  }
  SUBCASE("the folder is a link") {
    fs::remove_all(room.place.questions);
    room.folder.write("outside/" + key + ".json", R"({"text":"leaked?"})");
    fs::create_directory_symlink(room.folder.path() / "outside", room.place.questions);
    CHECK(room.questions.take().empty());
  }
  SUBCASE("another name") {
    write_file(room.place.questions / "..json", R"({"text":"?"})");
    CHECK(room.questions.take().empty());
  }
}

TEST_CASE("questions: a run asks a bounded number of them") {
  Room room;
  for (std::size_t count = 0; count < most_questions; ++count) {
    room.ask(fmt::format("Question {}?", count));
    REQUIRE(room.questions.take().size() == 1);
  }
  room.ask("One more?");
  CHECK(room.questions.take().empty());
  CHECK(ask_user(room.place, "One more?", {}, 1ms).state == AskedAnswer::State::Refused);
}

TEST_CASE("questions: nothing is open where nobody leads the run") {
  Room room;
  room.ask("Hello?");
  REQUIRE(room.questions.take().size() == 1);
  CHECK(open_questions(room.files).empty());
  const auto leader = FileLock::try_acquire(room.files.lock());
  REQUIRE(leader);
  CHECK(open_questions(room.files).size() == 1);
  write_file(room.files.questions(), "damaged");
  CHECK(open_questions(room.files).empty());
}

TEST_CASE("questions: the same words are the same question, and no others are") {
  CHECK(question_key("a", {"b"}) == question_key("a", {"b"}));
  CHECK(question_key("a", {"b"}) != question_key("a b", {}));
  CHECK(question_key("a", {"b", "c"}) != question_key("a", {"b c"}));
  CHECK(question_problem(" ", {}) == "the question is empty");
  CHECK(question_problem("a", {" "}) == "a choice is empty");
  CHECK(question_problem("a", {}).empty());
}
