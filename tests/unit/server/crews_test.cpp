#include "server/crews.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "loop_fixture.hpp"

using namespace changeling;
using namespace changeling::server;

namespace {

/// Crews whose workers are this program, see main.cpp.
struct Place : testing::Loop {
  explicit Place(std::size_t size)
      : crews(*loop, size, {}, [this](std::string_view text) { said.emplace_back(text); }) {}

  Served repository(const std::string& name) const {
    folder.write(name + "/.git/HEAD", "ref: refs/heads/main\n");
    return {name, (folder.path() / name / ".git").string()};
  }

  test::TemporaryFolder folder;
  std::vector<std::string> said;
  Crews crews;
  Served one = repository("one");
  Served other = repository("other");
};

}  // namespace

TEST_CASE("without workers nothing is started") {
  Place place(0);
  place.crews.look_after({place.one});
  CHECK_FALSE(place.crews.is_busy());
}

TEST_CASE("each repository has a crew until it is asked to end") {
  Place place(2);
  place.crews.look_after({place.one, place.other});
  CHECK(place.crews.is_busy());
  place.crews.ask_to_end();
  place.run_until([&] { return !place.crews.is_busy(); });
  CHECK(place.said.empty());
  // At the end none begins any more.
  place.crews.look_after({place.one});
  CHECK_FALSE(place.crews.is_busy());
}

TEST_CASE("the crew of a repository that is gone ends, and the others go on") {
  Place place(1);
  place.crews.look_after({place.one, place.other});
  place.crews.look_after({place.other});
  place.run_until([&] { return !place.said.empty(); });
  CHECK(place.crews.is_busy());
  REQUIRE(place.said.size() == 1);
  CHECK(place.said.front().find("/one/") != std::string::npos);
  place.crews.ask_to_end();
  place.run_until([&] { return !place.crews.is_busy(); });
}

TEST_CASE("a repository that has moved gets no crew, which would make it anew at its old place") {
  Place place(1);
  std::filesystem::rename(place.folder.path() / "one", place.folder.path() / "moved");
  place.crews.look_after({place.one});
  CHECK_FALSE(place.crews.is_busy());
  CHECK_FALSE(std::filesystem::exists(place.folder.path() / "one"));
}
