#include "project/registered_repositories.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include "../error_of.hpp"
#include "../open_project.hpp"

using namespace changeling;
using project::RegisteredRepositories;
using testing::error_of;
using Paths = std::vector<std::filesystem::path>;

namespace {

Environment with_home(const testing::TemporaryFolder& home) {
  return Environment({{"HOME", home.path().string()}});
}

}  // namespace

TEST_CASE("repositories are registered once, sorted, and removed again") {
  const testing::TemporaryFolder home;
  RegisteredRepositories registered(with_home(home));
  CHECK(registered.list().empty());
  CHECK(registered.add("/b/.git"));
  CHECK(registered.add("/a/.git"));
  CHECK_FALSE(registered.add("/b/.git"));
  CHECK(registered.list() == Paths{"/a/.git", "/b/.git"});
  CHECK(registered.remove("/a/.git"));
  CHECK_FALSE(registered.remove("/a/.git"));
  CHECK(registered.list() == Paths{"/b/.git"});
}

TEST_CASE("only the user can read which repositories there are") {
  const testing::TemporaryFolder home;
  RegisteredRepositories registered(with_home(home));
  registered.add("/a/.git");
  struct stat status {};
  REQUIRE(::stat(registered.file().c_str(), &status) == 0);
  CHECK((status.st_mode & 0077) == 0);
}

TEST_CASE("a path that a line cannot hold is refused") {
  const testing::TemporaryFolder home;
  RegisteredRepositories registered(with_home(home));
  for (const char* path : {"relative/.git", "/two\nlines"}) {
    const auto error = error_of([&] { registered.add(path); });
    REQUIRE(error.has_value());
    CHECK(error->kind() == ErrorKind::Invalid);
    CHECK(std::string(error->what()).find('\n') == std::string::npos);
  }
  CHECK(registered.list().empty());
}

TEST_CASE("lines that are no absolute path are left out") {
  const testing::TemporaryFolder home;
  RegisteredRepositories registered(with_home(home));
  registered.add("/a/.git");
  std::ofstream(registered.file(), std::ios::app) << "nonsense\n\n/a/.git\n/0/.git\n";
  CHECK(registered.list() == Paths{"/0/.git", "/a/.git"});
}

TEST_CASE("a repository that has moved is known where it is now, if it was known") {
  const testing::TemporaryFolder home;
  RegisteredRepositories registered(with_home(home));
  CHECK_FALSE(registered.move("/a/.git", "/b/.git"));
  CHECK(registered.list().empty());
  registered.add("/a/.git");
  CHECK(registered.move("/a/.git", "/b/.git"));
  CHECK(registered.list() == Paths{"/b/.git"});
}

TEST_CASE("without a home folder there are none, and none can be added") {
  RegisteredRepositories registered{Environment()};
  CHECK(registered.list().empty());
  CHECK_FALSE(registered.remove("/a/.git"));
  const auto error = error_of([&] { registered.add("/a/.git"); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Invalid);
}

TEST_CASE("a project that cannot be registered says so, and goes on") {
  testing::OpenProject place;
  project::Opening opening = place.opening();
  opening.environment.unset("HOME");
  project::Project homeless(std::move(opening));
  CHECK_NOTHROW(project::register_repository(homeless));
  CHECK(place.was_told("neither the timer nor the service will find this repository"));
}

TEST_CASE("the repositories of a user are those registered and the one that is open, each once") {
  testing::OpenProject place;
  const std::string here = (place.place.path() / ".git").string();
  CHECK(project::repositories_of_user(place.project) == std::vector<std::string>{here});
  project::register_repository(place.project);
  RegisteredRepositories(place.environment()).add("/0/.git");
  CHECK(project::repositories_of_user(place.project) == std::vector<std::string>{"/0/.git", here});
}

TEST_CASE("a folder that was asked for and is in no repository is missed") {
  testing::OpenProject place;
  project::Project outside({place.environment(), {place.home.path().string()}});
  CHECK_THROWS_AS(project::repositories_of_user(outside), Error);
}

TEST_CASE("another repository is opened as this one was, but for what git says of this one") {
  testing::OpenProject place;
  project::Opening opening = place.opening();
  opening.environment.set("GIT_DIR", (place.place.path() / ".git").string());
  opening.own_options = {"--quiet"};
  const project::Project here(std::move(opening));
  const project::Opening there = project::opening_of(here, "/elsewhere/.git");
  CHECK(there.directories == std::vector<std::string>{"/elsewhere/.git"});
  CHECK_FALSE(there.environment.get("GIT_DIR").has_value());
  CHECK(there.environment.get("HOME") == place.home.path().string());
  CHECK(there.own_options == std::vector<std::string>{"--quiet"});
  there.on_message("from there");
  CHECK(place.was_told("from there"));
}
