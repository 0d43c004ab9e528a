#include "project/definitions.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"

using namespace changeling;
using project::DefinitionSet;
using project::FileMistake;
using project::FileReading;
using testing::error_of;

namespace {

struct Place : testing::OpenProject {
  Place() { project.store().initialize(); }
  void in_state(const std::string& name, const std::string& toml) {
    write_record("changelings/" + name + ".toml", toml);
  }
  DefinitionSet load(FileMistake mistake = FileMistake::Refused) {
    return DefinitionSet::load(project, FileReading::WorkTree, mistake);
  }
  Resolved resolve(const Layer& command_line = {}) { return load().resolve("sprite", command_line); }
};

}  // namespace

TEST_CASE("each stronger source of a definition replaces the value of the weaker ones") {
  Place place;
  place.write_user_file("[defaults]\nmax_turns = 1\n");
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n");
  CHECK(place.resolve().definition.max_turns == 1);
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\nmax_turns = 2\n");
  CHECK(place.resolve().definition.max_turns == 2);
  CHECK(place.resolve().source == "file");
  place.in_state("sprite", "max_turns = 3\n");
  CHECK(place.resolve().definition.max_turns == 3);
  CHECK(place.resolve().definition.command == "file");
  CHECK(place.resolve().source == "state");
  place.write_user_file("[changelings.sprite]\nmax_turns = 4\n");
  CHECK(place.resolve().definition.max_turns == 4);
  Layer typed;
  typed.values["max_turns"] = std::int64_t{5};
  CHECK(place.resolve(typed).definition.max_turns == 5);
}

TEST_CASE("each value knows where it comes from") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n");
  place.in_state("sprite", "max_turns = 3\n");
  const Resolved resolved = place.resolve();
  CHECK(resolved.origins.at("run") == ".changelings.toml");
  CHECK(resolved.origins.at("max_turns") == "refs/changelings/state");
  CHECK(resolved.origins.at("timeout") == "default");
}

TEST_CASE("another machine does without what the user's own file says") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\nmax_turns = 2\n");
  place.write_user_file("[changelings.sprite]\nmax_turns = 4\n");
  CHECK(place.load().without_user_settings().resolve("sprite").definition.max_turns == 2);
}

TEST_CASE("the user's settings for other repositories do not count here") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n");
  place.write_user_file("[repositories.\"/elsewhere\".defaults]\nmax_turns = 6\n[repositories.\"" +
                        place.place.path().string() + "\".defaults]\nmax_turns = 7\n");
  CHECK(place.resolve().definition.max_turns == 7);
}

TEST_CASE("names come from the state and from the file, each once and sorted") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n[changelings.elf]\nrun = \"file\"\n");
  place.in_state("sprite", "max_turns = 3\n");
  place.in_state("gnome", "run = \"state\"\n");
  const DefinitionSet set = place.load();
  CHECK(set.names() == std::vector<std::string>{"elf", "gnome", "sprite"});
  CHECK(set.in_file("elf"));
  CHECK_FALSE(set.in_file("gnome"));
  CHECK(set.state_layer("gnome") != nullptr);
  CHECK(set.state_layer("elf") == nullptr);
  CHECK(names_in_definitions_file(place.project) == std::vector<std::string>{"elf", "sprite"});
}

TEST_CASE("a name that is not there is answered with the nearest, or with what to type") {
  Place place;
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n");
  const DefinitionSet set = place.load();
  const auto near = error_of([&] { set.resolve("sprit"); });
  REQUIRE(near.has_value());
  CHECK(near->kind() == ErrorKind::NotFound);
  CHECK(near->hint() == "did you mean 'sprite'?");
  const auto far = error_of([&] { set.resolve("zzzzzzzz"); });
  REQUIRE(far.has_value());
  CHECK(far->hint().find("git changeling add zzzzzzzz") != std::string::npos);
}

TEST_CASE("agents are the file's own, then those that are built in") {
  Place place;
  place.write_definitions("[agents.claude]\ncommand = [\"other\"]\n");
  const DefinitionSet set = place.load();
  CHECK(set.agent("claude").command == std::vector<std::string>{"other"});
  CHECK(set.agent("codex").name == "codex");
  const auto error = error_of([&] { set.agent("claud"); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::NotFound);
  CHECK(error->hint() == "did you mean 'claude'?");
}

TEST_CASE("whoever would start something is refused by a mistake in the file") {
  Place place;
  place.write_definitions("[changelings.sprite]\nmax_turns = \"many\"\n");
  const auto error = error_of([&] { place.load(); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Invalid);
  CHECK(std::string(error->what()).starts_with(".changelings.toml:2:13: "));
  CHECK(place.messages.empty());
}

TEST_CASE("whoever only shows is told of a mistake in the file, and has all the rest") {
  Place place;
  place.in_state("gnome", "run = \"state\"\n");
  place.write_definitions("[changelings.sprite]\nmax_turns = \"many\"\n");
  const DefinitionSet set = place.load(FileMistake::Said);
  CHECK(place.was_told(".changelings.toml:2:13: "));
  CHECK(set.names() == std::vector<std::string>{"gnome"});
  CHECK(set.resolve("gnome").definition.command == "state");
  CHECK(names_in_definitions_file(place.project).empty());
}

TEST_CASE("what is missing while the file has a mistake may be in it") {
  Place place;
  place.write_definitions("[changelings.sprite]\nmax_turns = \"many\"\n");
  const DefinitionSet set = place.load(FileMistake::Said);
  const auto changeling = error_of([&] { set.resolve("sprite"); });
  REQUIRE(changeling.has_value());
  CHECK(changeling->kind() == ErrorKind::Invalid);
  const auto agent = error_of([&] { set.agent("mine"); });
  REQUIRE(agent.has_value());
  CHECK(agent->kind() == ErrorKind::Invalid);
}

TEST_CASE("a damaged definition of the state is there, is not shown, and does not run") {
  Place place;
  place.in_state("sprite", "max_turns = \"many\"\n");
  place.write_definitions("[changelings.sprite]\nrun = \"file\"\n[changelings.elf]\nrun = \"file\"\n");
  const DefinitionSet set = place.load();
  CHECK(set.contains("sprite"));
  CHECK(set.is_damaged("sprite"));
  CHECK_FALSE(set.is_damaged("elf"));
  CHECK(set.names() == std::vector<std::string>{"elf"});
  const auto error = error_of([&] { set.resolve("sprite"); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Invalid);
  CHECK(place.was_told("changelings/sprite.toml cannot be read"));
}

TEST_CASE("without a file in the work tree the one that was committed counts") {
  Place place;
  place.commit_definitions("[changelings.sprite]\nrun = \"committed\"\n");
  std::filesystem::remove(place.place.path() / ".changelings.toml");
  CHECK(place.resolve().definition.command == "committed");
}
