#include "project/own_program.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../open_project.hpp"
#include "support/json.hpp"

using namespace changeling;

TEST_CASE("this program is started again in the same repository, with its options before the word") {
  testing::OpenProject place;
  project::Opening opening = place.opening();
  opening.directories = {place.place.path().parent_path().string(), "repository"};
  opening.own_options = {"--no-pager"};
  project::Project project(std::move(opening));
  const Command command = project::own_program(project, "__lead-run", Json{{"changeling", "sprite"}});
  CHECK(command.arguments == std::vector<std::string>{std::filesystem::read_symlink("/proc/self/exe"), "-C",
                                                      place.place.path().parent_path(), "-C", "repository",
                                                      "--no-pager", "__lead-run"});
}

TEST_CASE("the order goes to standard input as one line of JSON") {
  testing::OpenProject place;
  const Command command =
      project::own_program(place.project, "__lead-run", Json{{"changeling", "sprite\nand more"}});
  REQUIRE(command.standard_input.ends_with("\n"));
  CHECK(command.standard_input.find('\n') == command.standard_input.size() - 1);
  CHECK(parse_json(command.standard_input, "order").at("changeling") == "sprite\nand more");
}

TEST_CASE("an order with bytes that are no text is handed over all the same") {
  testing::OpenProject place;
  const Command command = project::own_program(place.project, "__lead-run", Json{{"changeling", "a\xff"}});
  CHECK(parse_json(command.standard_input, "order").at("changeling") == "a\xEF\xBF\xBD");
}

TEST_CASE("the other process has the environment of the project, and not of this process") {
  testing::OpenProject place;
  const Command command = project::own_program(place.project, "__lead-run", Json::object());
  REQUIRE(command.environment.has_value());
  CHECK(command.environment->get("HOME") == place.home.path().string());
}
