#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/skill_records.hpp"
#include "store/subagent_records.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::store;
using changeling::testing::error_of;

namespace {

Skill skill_saying(const std::string& text) {
  Skill skill = make_skill("review", "How", text);
  skill.files["scripts/run.sh"] = "";
  return skill;
}

std::string text_of(const Skill& skill) {
  return store::to_json(skill).dump(1) + "\n";
}

std::string subagent_saying(const std::string& instructions, const std::string& agent = "") {
  Subagent subagent;
  subagent.name = "reader";
  subagent.description = "Reads";
  subagent.instructions = instructions;
  subagent.agent = agent;
  return changeling::write_subagent(subagent);
}

}  // namespace

TEST_CASE("a skill survives being written and read, an empty file included") {
  const Skill skill = skill_saying("Look.");
  CHECK(skill_from_json(store::to_json(skill), "review", "here") == skill);
}

TEST_CASE("what is no skill says where") {
  Json without_head = store::to_json(skill_saying("x"));
  without_head["files"].erase("SKILL.md");
  Json leaving = store::to_json(skill_saying("x"));
  leaving["files"]["../x"] = "x";
  for (const Json& wrong : {Json("text"), Json::object(), Json{{"files", {1}}}, Json{{"files", {{"a", 1}}}},
                            without_head, leaving}) {
    CAPTURE(wrong.dump());
    const auto error = error_of([&] { static_cast<void>(skill_from_json(wrong, "review", "here")); });
    REQUIRE(error.has_value());
    CHECK(std::string(error->what()).starts_with("here: "));
  }
  CHECK(error_of([] {
          static_cast<void>(skill_from_json(store::to_json(skill_saying("x")), "other", "here"));
        }).has_value());
}

TEST_CASE("sub-agents and skills have places of their own") {
  CHECK(record_kind_at("agents/reader.toml") == &subagent_kind);
  CHECK(record_kind_at("skills/review.json") == &skill_kind);
  CHECK(subagent_of(subagent_path("reader")) == "reader");
  CHECK(skill_of(skill_path("review")) == "review");
  for (const char* path :
       {"agents/Reader.toml", "agents/a.json", "agents/.toml", "agents/a/b.toml", "roles/a.toml"})
    CHECK_FALSE(subagent_of(path).has_value());
  for (const char* path : {"skills/a.toml", "skills/a/SKILL.md", "skills/a--b.json"})
    CHECK_FALSE(skill_of(path).has_value());
}

TEST_CASE("a skill that two sides changed is the published one as a whole") {
  const std::string base = text_of(skill_saying("one"));
  Skill published = skill_saying("one");
  published.files["scripts/run.sh"] = "true\n";
  const auto merged =
      merge_record("skills/review.json", {base, text_of(skill_saying("ours")), text_of(published)});
  CHECK(merged.content == text_of(published));
}

TEST_CASE("of a sub-agent that two sides changed each field is merged by itself") {
  const auto merged =
      merge_record("agents/reader.toml",
                   {subagent_saying("Read."), subagent_saying("Read.", "claude"), subagent_saying("Look.")});
  CHECK(merged.content == subagent_saying("Look.", "claude"));
}
