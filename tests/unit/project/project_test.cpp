#include "project/project.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "support/json.hpp"

using namespace changeling;
using testing::error_of;

TEST_CASE("a folder without a repository is only missed when something asks for it") {
  testing::OpenProject place;
  project::Project project({place.environment(), {place.home.path().string()}});
  const auto error = error_of([&] { project.repository(); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::NotFound);
}

TEST_CASE("folders are applied one after the other, and one that is not there is named") {
  testing::OpenProject place;
  const auto parent = place.place.path().parent_path().string();
  project::Project project({place.environment(), {parent, "repository"}});
  CHECK(project.repository().common_directory() == place.place.path() / ".git");
  project::Project nowhere({place.environment(), {parent, "missing"}});
  const auto error = error_of([&] { nowhere.repository(); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::NotFound);
  CHECK(std::string(error->what()) == "there is no folder " + parent + "/missing");
}

TEST_CASE("messages go to whoever has opened the project, and nowhere without anybody") {
  testing::OpenProject place;
  place.project.message("a sentence");
  CHECK(place.messages == std::vector<std::string>{"a sentence"});
  const project::Project silent({place.environment(), {place.place.path().string()}});
  CHECK_NOTHROW(silent.message("a sentence"));
  CHECK(place.messages.size() == 1);
}

TEST_CASE("before init there is no state, and what to type is said") {
  testing::OpenProject place;
  const auto error = error_of([&] { place.project.require_state(); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::NotFound);
  CHECK(error->hint() == "start with: git changeling init");
  CHECK(place.project.snapshot().names("").empty());
  place.project.store().initialize();
  CHECK_NOTHROW(place.project.require_state());
}

TEST_CASE("settings that mean nothing are named once, with the nearest right one") {
  testing::OpenProject place;
  place.place.git("config changeling.leese 5m");
  place.project.store().initialize();
  place.project.require_state();
  place.project.require_state();
  REQUIRE(place.messages.size() == 1);
  CHECK(place.messages.front() ==
        "warning: the configuration has changeling.leese, which means nothing; did you mean "
        "changeling.lease?");
}

TEST_CASE("the state lies where changeling.ref says") {
  testing::OpenProject place;
  place.place.git("config changeling.ref refs/elsewhere/state");
  place.project.store().initialize();
  CHECK(place.project.store().reference() == "refs/elsewhere/state");
  CHECK(place.project.repository().resolve("refs/elsewhere/state").has_value());
  CHECK_FALSE(place.project.repository().resolve("refs/changelings/state").has_value());
}

TEST_CASE("it is known whether this process has changed the state") {
  testing::OpenProject place;
  CHECK_FALSE(place.project.has_written());
  place.project.store().initialize();
  project::Project second(place.opening());
  CHECK_FALSE(second.has_written());
  place.write_record("note", "x");
  CHECK(place.project.has_written());
  CHECK_FALSE(second.has_written());
}

TEST_CASE("what is announced is an event of this machine") {
  testing::OpenProject place;
  place.project.announce("trigger:skipped", {{"changeling", "sprite"}, {"reason", "a test"}});
  std::ifstream file(place.project.places().local_folder() / "events.jsonl");
  std::string line;
  REQUIRE(std::getline(file, line));
  const Json event = parse_json(line, "event");
  CHECK(event.at("event") == "trigger:skipped");
  CHECK(event.at("changeling") == "sprite");
  CHECK(place.messages.empty());
}

TEST_CASE("an event that cannot be written is said, and undoes nothing") {
  testing::OpenProject place;
  std::filesystem::create_directories(place.project.places().local_folder() / "events.jsonl");
  CHECK_NOTHROW(place.project.announce("trigger:skipped", {{"changeling", "sprite"}}));
  CHECK(place.was_told("this is missing among the events"));
}

TEST_CASE("what happens to tasks is announced") {
  testing::OpenProject place;
  place.project.store().initialize();
  queue::Task task;
  task.title = "Mend the roof";
  const queue::Task added = place.project.tasks().add({task}).front();
  std::ifstream file(place.project.places().local_folder() / "events.jsonl");
  std::string line;
  REQUIRE(std::getline(file, line));
  CHECK(line.find(added.id) != std::string::npos);
}

TEST_CASE("where several remotes could be meant none is, and that is said once") {
  testing::OpenProject place;
  CHECK(place.project.remote().empty());
  CHECK(place.messages.empty());
  place.place.git("remote add one https://example.com/1.git");
  place.place.git("remote add two https://example.com/2.git");
  project::Project again(place.opening());
  CHECK(again.remote().empty());
  CHECK(again.remote().empty());
  CHECK(place.messages.size() == 1);
  place.place.git("config changeling.remote two");
  project::Project chosen(place.opening());
  CHECK(chosen.remote() == "two");
}

TEST_CASE("a runless repository has empty services that know its parts") {
  testing::OpenProject place;
  place.project.store().initialize();
  const project::Services& services = place.project.services();
  CHECK(&services.repository == &place.project.repository());
  CHECK(services.remote.empty());
  CHECK(services.publisher == nullptr);
  CHECK(services.forge.kind() == "local");
  CHECK(&services == &place.project.services());
}
