#include "changeling/subagent.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "changeling/record_fields.hpp"
#include "changeling/skill.hpp"
#include "changeling/toml_file.hpp"

using namespace changeling;
using changeling::testing::error_of;

namespace {

Subagent example() {
  Subagent subagent;
  subagent.name = "reader";
  subagent.description = "Reads";
  subagent.instructions = "Read \"it\".\n\nThen say so.\n";
  subagent.agent = "claude";
  subagent.working_directory = "docs/pages";
  subagent.permissions = {"Read", "Bash(git log *)"};
  subagent.skills = {"question-asking"};
  return subagent;
}

Subagent read(const std::string& text) {
  return parse_subagent(text, "agents/reader.toml", "reader");
}

}  // namespace

TEST_CASE("a sub-agent survives being written and read") {
  CHECK(read(write_subagent(example())) == example());
}

TEST_CASE("no member of a sub-agent is missing in its table") {
  const Subagent subagent{};
  [[maybe_unused]] const auto& [name, description, instructions, agent, directory, permissions, skills] =
      subagent;
  CHECK(subagent_fields().size() == 7 - 1);  // Without the name.
}

TEST_CASE("a sub-agent that could not be used is refused, with the place") {
  for (const char* text :
       {"instructions = \"x\"", "description = \"x\"", "description = \"a\\nb\"\ninstructions = \"x\"",
        "description = \"x\"\ninstructions = \"x\"\nworking_directory = \"/etc\"",
        "description = \"x\"\ninstructions = \"x\"\nworking_directory = \"a/../../b\"",
        "description = \"x\"\ninstructions = \"x\"\nskills = [\"Not One\"]",
        "description = \"x\"\ninstructions = \"x\"\ninstruction = \"x\""}) {
    CAPTURE(text);
    const auto error = error_of([&] { read(text); });
    REQUIRE(error.has_value());
    CHECK(error->kind() == ErrorKind::Invalid);
    CHECK(std::string(error->what()).find("agents/reader.toml") != std::string::npos);
  }
}

TEST_CASE("the five sub-agents are built in, with the skills that they name") {
  for (const char* name :
       {"planning", "execution", "code-implementation", "question-asking", "consultation"}) {
    CAPTURE(name);
    REQUIRE(builtin_subagents().contains(name));
    const Subagent& subagent = builtin_subagents().at(name);
    CHECK_NOTHROW(check_subagent(subagent));
    for (const std::string& skill : subagent.skills) CHECK(builtin_skills().contains(skill));
  }
  CHECK(builtin_subagents().size() == 5);
}
