#include "project/own_heads.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;

namespace {

Environment at(const TemporaryFolder& home) {
  return Environment(std::map<std::string, std::string>{{"HOME", home.path().string()}});
}

project::OwnHead head(const std::string& run, const std::string& commit) {
  return {run, "changelings/sprite/" + run, commit, "start", "base"};
}

}  // namespace

TEST_CASE("what was noted is found by run and commit, of the same repository alone") {
  const TemporaryFolder home;
  const project::OwnHeads heads(at(home), "abcd2345abcd2345");
  CHECK(heads.all().empty());
  heads.note(head("r1", "one"));
  heads.note(head("r2", "two"));
  REQUIRE(heads.all().size() == 2);
  CHECK(heads.find("r1", "one")->branch == "changelings/sprite/r1");
  CHECK_FALSE(heads.find("r1", "two"));
  CHECK_FALSE(project::OwnHeads(at(home), "other2345other234").find("r1", "one"));
}

TEST_CASE("a line that cannot be read hides no other") {
  const TemporaryFolder home;
  const project::OwnHeads heads(at(home), "abcd2345abcd2345");
  heads.note(head("r1", "one"));
  std::ofstream(home.path() / ".local/share/git-changeling/heads/abcd2345abcd2345", std::ios::app)
      << "{ no\n";
  heads.note(head("r2", "two"));
  CHECK(heads.all().size() == 2);
}

TEST_CASE("old notes make room for new ones") {
  const TemporaryFolder home;
  const project::OwnHeads heads(at(home), "abcd2345abcd2345");
  const auto file = home.path() / ".local/share/git-changeling/heads/abcd2345abcd2345";
  heads.note(head("r1", "one"));
  {
    std::ofstream more(file, std::ios::app);
    for (int line = 0; line < 4000; ++line) more << "{}\n";
  }
  heads.note(head("r2", "two"));
  CHECK_FALSE(heads.find("r1", "one"));
  CHECK(heads.find("r2", "two"));
  CHECK(heads.all().size() == 2001);
}

TEST_CASE("without a home or an id nothing is noted, and nothing proven") {
  const TemporaryFolder home;
  for (const project::OwnHeads& heads :
       {project::OwnHeads(at(home), ""),
        project::OwnHeads(Environment(std::map<std::string, std::string>{}), "x")}) {
    heads.note(head("r1", "one"));
    CHECK_FALSE(heads.find("r1", "one"));
  }
}
