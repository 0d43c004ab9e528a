#include "changeling/skill.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "changeling/front_matter.hpp"

using namespace changeling;
using changeling::testing::error_of;

namespace {

Skill example() {
  return make_skill("review", "How to review", "Read it.\n");
}

std::string problem_with(const std::string& path, const std::string& content = "x\n") {
  Skill skill = example();
  skill.files[path] = content;
  const auto error = error_of([&] { check_skill(skill); });
  return error ? error->what() : "";
}

std::string problem_of_head(const std::string& text) {
  const auto error = error_of([&] { check_skill({"review", {{"SKILL.md", text}}}); });
  return error ? error->what() : "";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a skill of a description and instructions reads back") {
  const Skill skill = make_skill("review", "How: \"well\"\\ #1", "Read it.");
  CHECK(skill.files.at("SKILL.md") ==
        "---\nname: review\ndescription: \"How: \\\"well\\\"\\\\ #1\"\n---\n\nRead it.\n");
  CHECK(skill_description(skill) == "How: \"well\"\\ #1");
  CHECK(skill_text(skill).instructions == "Read it.\n");
  CHECK(skill_from_text(skill.files.at("SKILL.md")) == skill);
  CHECK_NOTHROW(check_skill(skill));
}

TEST_CASE("the front matter is read in the forms that people write") {
  const auto values = read_front_matter(
      "---\r\n# a comment\r\nname: review  # here\nquoted: 'it''s'\nfolded: >-\n  two\n  lines\nkept: |\n  "
      "one\n  two\n"
      "plain: begins\n  and goes on\nallowed-tools:\n  - Read\nlist: [a, b]\nmetadata:\n  version: "
      "1\nempty:\n---\nbody: no\n");
  CHECK(values.at("name") == "review");
  CHECK(values.at("quoted") == "it's");
  CHECK(values.at("folded") == "two lines");
  CHECK(values.at("kept") == "one\ntwo");
  CHECK(values.at("plain") == "begins and goes on");
  for (const char* key : {"allowed-tools", "list", "metadata", "version", "empty", "body"}) {
    CAPTURE(key);
    CHECK_FALSE(values.contains(key));
  }
}

TEST_CASE("a SKILL.md without what it needs says what is missing") {
  CHECK(mentions(problem_of_head("Read it.\n"), "no front matter"));
  CHECK(mentions(problem_of_head("---\nname: review\n"), "without an end"));
  CHECK(mentions(problem_of_head("---\ndescription: x\n---\n"), "no \"name\""));
  CHECK(mentions(problem_of_head("---\nname: review\n---\n"), "no \"description\""));
  CHECK(mentions(problem_of_head("---\nname: other\ndescription: x\n---\n"), "name \"other\""));
  CHECK(mentions(problem_of_head("---\nname: review\nname: review\ndescription: x\n---\n"), "twice"));
  CHECK(mentions(problem_of_head("---\nname: review\ndescription: " + std::string(1025, 'x') + "\n---\n"),
                 "more than 1024"));
  CHECK(mentions(error_of([] { check_skill({"review", {{"a.md", "x"}}}); })->what(), "SKILL.md is missing"));
}

TEST_CASE("names of skills are those that every agent takes") {
  for (const char* name : {"", "Review", "a_b", "-a", "a-", "a--b", "a.b", "a/b", "ü"}) {
    CAPTURE(name);
    CHECK(error_of([&] { make_skill(name, "x", "y"); })->kind() == ErrorKind::Invalid);
  }
  CHECK_NOTHROW(make_skill("a-2-b", "x", "y"));
  CHECK_NOTHROW(make_skill(std::string(64, 'a'), "x", "y"));
  CHECK(error_of([] { make_skill(std::string(65, 'a'), "x", "y"); }).has_value());
}

TEST_CASE("paths of a skill's files are such that every file system can hold them") {
  for (const char* path : {"/etc/passwd", "../up", "a/../b", ".hidden", "a/.git/config", "a//b", "a/", "con",
                           "a/NUL.txt", "a:b", "a\\b", "a\nb", "a ", "a.", "caf\xc3\xa9", "1/2/3/4/5/6"}) {
    CAPTURE(path);
    CHECK_FALSE(problem_with(path).empty());
  }
  CHECK_FALSE(problem_with(std::string(201, 'a')).empty());
  CHECK(problem_with("scripts/deep/er/and/run.py").empty());
}

TEST_CASE("two paths that differ in letter case, or a file that is a folder, are refused") {
  CHECK(mentions(problem_with("skill.MD"), "letter case"));
  Skill skill = example();
  skill.files["a/x"] = "x";
  skill.files["A/y"] = "y";
  CHECK(error_of([&] { check_skill(skill); }).has_value());
  skill = example();
  skill.files["a"] = "x";
  skill.files["a/y"] = "y";
  CHECK(error_of([&] { check_skill(skill); }).has_value());
  skill = example();
  skill.files["a/x"] = "x";
  skill.files["a/y"] = "y";
  CHECK_NOTHROW(check_skill(skill));
}

TEST_CASE("a skill is text, of so many files and bytes") {
  CHECK(mentions(problem_with("a.png", "\x89PNG\xff"), "not UTF-8 text"));
  CHECK(mentions(problem_with("a.bin", std::string("a\0b", 3)), "not UTF-8 text"));
  CHECK(mentions(problem_with("big", std::string(most_skill_bytes, 'x')), "bytes; allowed are"));
  CHECK(problem_with("empty", "").empty());
  Skill skill = example();
  for (std::size_t number = 0; number < most_skill_files; ++number)
    skill.files["f" + std::to_string(number)] = "x";
  CHECK(mentions(error_of([&] { check_skill(skill); })->what(), "65 files"));
}

TEST_CASE("the skills that are built in are sound, and the sub-agents name none that is not there") {
  CHECK(builtin_skills().contains("question-asking"));
  for (const auto& entry : builtin_skills()) {
    const Skill& skill = entry.second;
    CAPTURE(entry.first);
    CHECK(skill.name == entry.first);
    CHECK_NOTHROW(check_skill(skill));
  }
}
