#include "run/equipment_files.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "support/files.hpp"
#include "workspace_fixture.hpp"

using namespace changeling;
using changeling::run::equipment_files;
using changeling::run::equipment_paths;
using changeling::run::equipment_section;
using changeling::run::place_equipment;
using changeling::run::require_free_places;
using changeling::run::take_equipment;
using changeling::run::Workspace;
using changeling::testing::error_of;
using changeling::testing::files_of;
using changeling::testing::WorkspaceFixture;
namespace fs = std::filesystem;

namespace {

const AgentType& agent_type(const std::string& name) {
  return builtin_agent_types().at(name);
}

Equipment example() {
  Subagent reader;
  reader.name = "reader";
  reader.description = "Reads: \"all\"";
  reader.instructions = "Read.";
  reader.working_directory = "docs";
  reader.permissions = {"Read", "Bash(git log *)", "Bash(ls)", "mode:plan"};
  reader.skills = {"review"};
  Equipment equipment;
  equipment.agents = {reader};
  equipment.skills = {make_skill("review", "How", "Look.")};
  equipment.skills.front().files["scripts/run.sh"] = "#!/bin/sh\n";
  return equipment;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Placing : WorkspaceFixture {
  Equipment equipment = example();
  AgentType agent = agent_type("claude");
  std::map<std::string, std::string> files = equipment_files(equipment, agent);
  std::vector<std::string> paths = equipment_paths(equipment, agent);

  std::optional<Error> problem_in_base(const std::string& script) {
    shell(home.path(), script + " && git add -f . && git commit -qm base");
    return error_of(
        [&] { require_free_places(open->repository, open->repository.commit(main()).tree, paths); });
  }
};

}  // namespace

TEST_CASE("Claude Code finds sub-agents and skills where it looks for them") {
  const auto files = equipment_files(example(), agent_type("claude"));
  CHECK(
      files.at(".claude/agents/reader.md") ==
      "---\nname: reader\ndescription: \"Reads: \\\"all\\\"\"\ntools: \"Read, Bash\"\nskills: review\n---\n\n"
      "You work in the folder `docs` of the worktree; begin there, and change nothing outside "
      "it.\n\nRead.\n");
  CHECK(files.contains(".claude/skills/review/SKILL.md"));
  CHECK(files.at(".claude/skills/review/scripts/run.sh") == "#!/bin/sh\n");
  CHECK(equipment_paths(example(), agent_type("claude")) ==
        std::vector<std::string>{".claude/agents/reader.md", ".claude/skills/review"});
}

TEST_CASE("where nobody knows a place they lie in the scratch folder, and the prompt names them") {
  const AgentType& agent = agent_type("codex");
  CHECK(equipment_files(example(), agent).contains(".changeling/skills/review/SKILL.md"));
  const std::string section = equipment_section(example(), agent);
  CHECK(mentions(section, "`.changeling/agents/reader.md`"));
  CHECK(mentions(section, "`.changeling/skills/review/SKILL.md`"));
  CHECK(equipment_section({}, agent).empty());
}

TEST_CASE_FIXTURE(Placing, "what the repository has at such a place stays, and nothing begins") {
  SUBCASE("a skill of the name") {
    const auto error =
        problem_in_base("mkdir -p .claude/skills/review && echo x >.claude/skills/review/SKILL.md");
    REQUIRE(error.has_value());
    CHECK(mentions(error->what(), ".claude/skills/review is a folder of the repository"));
  }
  SUBCASE("a sub-agent of the name") {
    CHECK(problem_in_base("mkdir -p .claude/agents && echo x >.claude/agents/reader.md").has_value());
  }
  SUBCASE("a link in the place of a folder") {
    const auto error = problem_in_base("ln -s /tmp .claude");
    REQUIRE(error.has_value());
    CHECK(mentions(error->what(), ".claude is a symbolic link"));
  }
  SUBCASE("a file in the place of a folder") {
    CHECK(problem_in_base("echo x >.claude").has_value());
  }
  SUBCASE("others of its kind are no obstacle") {
    CHECK_FALSE(
        problem_in_base("mkdir -p .claude/agents .claude/skills/other && echo x >.claude/agents/other.md && "
                        "echo x >.claude/skills/other/SKILL.md && echo x >.claude/settings.json")
            .has_value());
  }
}

TEST_CASE_FIXTURE(Placing, "placed files are no part of the work, whatever becomes of them, and go with it") {
  write(home.path() / ".gitignore", "!.claude/\n!.claude/**\n");
  shell(home.path(), "git add -A && git commit -qm ignore");
  const Workspace workspace = make(paths);
  workspace.place(files, paths);
  CHECK((fs::status(workspace.path() / ".claude/skills/review/scripts/run.sh").permissions() &
         fs::perms::owner_exec) != fs::perms::none);
  write(workspace.path() / ".claude/skills/review/new.md", "x");
  write(workspace.path() / ".claude/agents/reader.md", "changed");
  write(workspace.path() / "work.txt", "x");
  shell(workspace.path(), "git add -f .claude");
  workspace.collect();
  CHECK(workspace.commit_leftovers("work"));
  CHECK(files_of(*this, workspace.head().hex()) == ".gitignore\nfile.txt\nwork.txt");
  CHECK_FALSE(fs::exists(workspace.path() / ".claude/skills/review"));
}

TEST_CASE_FIXTURE(Placing, "what the agent has committed of them is found") {
  const Workspace workspace = make(paths);
  workspace.place(files, paths);
  shell(workspace.path(), "git add -f .claude/skills && git -c user.name=a -c user.email=a@b commit -qm x");
  workspace.collect();
  const auto found = workspace.committed_private_files(main(), paths);
  REQUIRE_FALSE(found.empty());
  CHECK(found.front() == ".claude/skills/review/SKILL.md");
}

TEST_CASE_FIXTURE(Placing, "nothing is written, or removed, through a link") {
  const fs::path folder = user.path() / "place";
  const fs::path elsewhere = user.path() / "elsewhere";
  fs::create_directories(folder);
  fs::create_directories(elsewhere / "skills/review");
  write(elsewhere / "skills/review/kept", "x");
  fs::create_directory_symlink(elsewhere, folder / ".claude");
  CHECK(error_of([&] { place_equipment(folder, files, paths); })->kind() == ErrorKind::Refused);
  take_equipment(folder, paths);
  CHECK(fs::exists(elsewhere / "skills/review/kept"));
  CHECK_FALSE(fs::exists(elsewhere / "agents"));
}

TEST_CASE_FIXTURE(Placing, "a file that was copied to the place is not overwritten") {
  const Workspace workspace = make(paths);
  write(workspace.path() / ".claude/agents/reader.md", "mine");
  CHECK(error_of([&] { workspace.place(files, paths); })->kind() == ErrorKind::Refused);
  CHECK(read_file(workspace.path() / ".claude/agents/reader.md") == "mine");
  CHECK_FALSE(fs::exists(workspace.path() / ".claude/skills"));
}
