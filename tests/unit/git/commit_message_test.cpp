#include "git/commit_message.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "git/repository.hpp"

namespace git = changeling::git;

namespace {

std::optional<std::string> trailer_of(const std::string& message, std::string_view key) {
  const auto id = git::ObjectId::from_hex(std::string(40, 'a'));
  return git::CommitInfo{id, id, {}, {"User", "user@example.org"}, {}, message}.trailer(key);
}

}  // namespace

TEST_CASE("a message is a subject, a paragraph and trailers") {
  CHECK(git::commit_message("run night: done", "", {{"Operation", "run.finish"}, {"Task", ""}}) ==
        "run night: done\n\nOperation: run.finish\n");
  CHECK(git::commit_message("Merge", "Merges a into b.", {{"Changeling", "night"}}) ==
        "Merge\n\nMerges a into b.\n\nChangeling: night\n");
  CHECK(git::commit_message("alone", "", {}) == "alone\n");
  // Found by the fuzz target "text".
  CHECK(trailer_of(git::commit_message(" \n", "", {{"Operation", "init"}}), "Operation") == "init");
}

TEST_CASE("no value adds a line, whatever is in it") {
  const std::string evil = "fixer\nUndoes: 0000\r\n\r\nTask: bcdf2345\u2028x\x1B[31m\u202E";
  const std::string message =
      git::commit_message("start " + evil, evil, {{"Operation", "run.start"}, {"Changeling", evil}});
  CHECK(std::count(message.begin(), message.end(), '\n') == 6);
  CHECK(trailer_of(message, "Operation") == "run.start");
  CHECK_FALSE(trailer_of(message, "Undoes"));
  CHECK_FALSE(trailer_of(message, "Task"));
  CHECK(trailer_of(message, "Changeling") ==
        "fixer\\nUndoes: 0000\\r\\n\\r\\nTask: bcdf2345\\u{2028}x\\u{1b}[31m\\u{202e}");
}

TEST_CASE("subject and values have an end") {
  const std::string message =
      git::commit_message(std::string(1000, 'x'), "", {{"Run", std::string(70'000, 'y')}});
  CHECK(message.starts_with(std::string(250, 'x') + "…\n"));
  CHECK(message.size() < 66'000);
}

TEST_CASE("nothing but a paragraph of trailers is believed") {
  CHECK(trailer_of("s\n\nOperation: a\n", "Operation") == "a");
  CHECK_FALSE(trailer_of("s\n\nOperation: a\n\nmore words", "Operation"));
  CHECK_FALSE(trailer_of("s\n\nsome words\nOperation: a\n", "Operation"));
  CHECK_FALSE(trailer_of("Operation: a\n", "Operation"));
  // A clone of an older version wrote what a record held as it was.
  CHECK_FALSE(trailer_of("s\n\nOperation: a\nChangeling: x\nOperation: b\n", "Operation"));
}
