#include "run/acceptance.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "support/text.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
using queue::Artifact;
using queue::Criterion;

namespace {

struct Result {
  Result() {
    place.work_tree = work_tree.path();
    place.artifacts = artifacts.path();
    place.environment =
        Environment(std::map<std::string, std::string>{{"PATH", "/usr/bin:/bin"}, {"WHO", "me"}});
    place.time_limit = std::chrono::seconds(30);
  }
  queue::CompletionCheck check(const std::vector<std::string>& criteria,
                               const std::vector<Artifact>& found = {}) {
    for (const std::string& text : criteria) task.acceptance.push_back(queue::parse_criterion(text));
    return run::check_acceptance(task, found, place, processes,
                                 [this](const std::string& line) { commands.push_back(line); });
  }

  TemporaryFolder work_tree;
  TemporaryFolder artifacts;
  SystemProcessRunner processes;
  run::AcceptancePlace place;
  queue::Task task;
  std::vector<std::string> commands;  ///< Those announced.
};

Artifact file(const std::string& path) {
  return {Artifact::Kind::File, path, "", {}};
}

}  // namespace

TEST_CASE("a task without criteria is done") {
  Result result;
  const auto check = result.check({});
  CHECK(check.unmet.empty());
  CHECK_FALSE(check.needs_review);
}

TEST_CASE("a text is left to a person") {
  Result result;
  const auto check = result.check({"It reads well", "text:run:false"});
  CHECK(check.unmet.empty());
  CHECK(check.needs_review);
  CHECK(result.commands.empty());
}

TEST_CASE("a file may lie in the work tree, in the artifacts folder, or be an artifact of the task") {
  Result result;
  result.work_tree.write("docs/a.md", "");
  result.artifacts.write("b.md", "");
  result.artifacts.write("c.md", "");
  result.task.artifacts.push_back(file("earlier.md"));
  const auto check = result.check(
      {"file:docs/a.md", "file:b.md", "file:c.md", "file:earlier.md", "file:docs"}, {file("c.md")});
  CHECK(check.unmet.empty());
  CHECK_FALSE(check.needs_review);
}

TEST_CASE("a file that is nowhere is unmet") {
  Result result;
  result.place.artifacts.clear();
  result.artifacts.write("b.md", "");
  CHECK(result.check({"file:b.md"}).unmet == std::vector<std::string>{"b.md does not exist"});
}

TEST_CASE("a new artifact must exist, and a pull request waits for a person") {
  Result result;
  result.artifacts.write("there.md", "");
  const auto check =
      result.check({}, {file("there.md"), file("missing.md"), {Artifact::Kind::Link, "https://x", "", {}}});
  CHECK(check.unmet == std::vector<std::string>{"the artifact missing.md does not exist"});
  CHECK_FALSE(check.needs_review);
  Result other;
  CHECK(other.check({}, {{Artifact::Kind::PullRequest, "7", "", {}}}).needs_review);
}

TEST_CASE("a command runs in the work tree with exactly the given environment") {
  Result result;
  result.work_tree.write("a.txt", "");
  const auto check = result.check({"run:test -f a.txt && test \"$WHO\" = me && test -z \"$HOME\""});
  CHECK(check.unmet.empty());
  CHECK_FALSE(check.needs_review);
  CHECK(result.commands.size() == 1);
}

TEST_CASE("a command that fails is unmet, with what it printed last") {
  Result result;
  const auto check =
      result.check({"run:echo out; echo err >&2; exit 3", "run:kill -9 $$", "run:no-such-program"});
  REQUIRE(check.unmet.size() == 3);
  CHECK(check.unmet[0] == "'echo out; echo err >&2; exit 3' ended with exit code 3:\nout\nerr");
  CHECK(check.unmet[1].find("'kill -9 $$' ended with signal 9") == 0);
  CHECK(check.unmet[2].find("'no-such-program' ended with exit code 127:\n") == 0);
}

TEST_CASE("long output is cut and is valid text") {
  Result result;
  const auto check = result.check({"run:seq 10000; printf '\\377end'; false"});
  REQUIRE(check.unmet.size() == 1);
  CHECK(check.unmet[0].size() < 800);
  CHECK(
      check.unmet[0].ends_with("\xEF\xBF\xBD"
                               "end"));
}

TEST_CASE("a command that takes too long is unmet and is ended") {
  Result result;
  result.place.time_limit = std::chrono::milliseconds(200);
  const auto check = result.check({"run:sleep 300"});
  CHECK(check.unmet == std::vector<std::string>{"'sleep 300' did not end within 200ms"});
}

TEST_CASE("everything is checked, although the first criterion is unmet") {
  Result result;
  const auto check = result.check({"file:a", "run:false", "Looks good", "file:b", "run:true"}, {file("c")});
  CHECK(check.unmet == std::vector<std::string>{"the artifact c does not exist", "a does not exist",
                                                "'false' ended with exit code 1", "b does not exist"});
  CHECK(check.needs_review);
  CHECK(result.commands == std::vector<std::string>{"false", "true"});
}

TEST_CASE("what lies outside of the result says nothing about it") {
  Result result;
  std::filesystem::create_symlink("/etc/passwd", result.work_tree.path() / "link");
  std::filesystem::create_directory_symlink("/etc", result.artifacts.path() / "folder");
  const auto check = result.check({"file:/etc/passwd", "file:../../../../../../etc/passwd", "file:link",
                                   "file:folder/passwd", "file:a/../../../x"},
                                  {file("/etc/passwd"), file("../x")});
  CHECK(check.unmet.size() == 7);
}

TEST_CASE("a path that leads out and back in is inside") {
  Result result;
  result.work_tree.write("here", "x");
  std::filesystem::create_symlink("here", result.work_tree.path() / "link");
  CHECK(result.check({"file:./here", "file:link", "file:x/../here"}).unmet.size() == 1);
}
