#include "changeling/protected_paths.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/text.hpp"

using namespace changeling;

namespace {

std::size_t found(const std::string& path, const std::vector<std::string>& globs = {}) {
  return unnamed_protected_paths({path}, globs).size();
}

}  // namespace

TEST_CASE("what runs elsewhere may not be changed unasked, in any letter case and as a file or a folder") {
  for (const char* path :
       {".github/workflows/x.yml", ".GitHub/x", ".github", ".gitlab-ci.yml", ".changelings.toml",
        ".gitattributes", "docs/.gitattributes", ".gitmodules", ".husky/pre-commit", "web/.husky/pre-push",
        "a/b/Jenkinsfile", ".pre-commit-config.yaml", "CODEOWNERS", ".githooks/post-merge"}) {
    CAPTURE(path);
    CHECK(found(path) == 1);
    CHECK(found(path, {"**", "*", "docs/**", "**/*.yml"}) == 1);
  }
}

TEST_CASE("everything else is left to path") {
  for (const char* path : {"README.md", "src/github/x", "docs/.github/x.yml", ".gitignore", "gitlab-ci.yml",
                           "tests/.changelings.toml", ".githubx"}) {
    CAPTURE(path);
    CHECK(found(path) == 0);
  }
}

TEST_CASE("a glob that names it allows it") {
  CHECK(found(".github/workflows/x.yml", {".github/**"}) == 0);
  CHECK(found(".github/workflows/x.yml", {".github/dependabot.yml"}) == 1);
  CHECK(found("docs/.gitattributes", {"docs/.gitattributes"}) == 0);
  CHECK(found("docs/.gitattributes", {"**/.gitattributes"}) == 0);
}

TEST_CASE("the table is in lower case, and no word stands in it twice or is a path") {
  std::vector<std::string> words;
  for (const ProtectedPath& path : protected_paths()) {
    CAPTURE(path.word);
    CHECK(to_lower(path.word) == path.word);
    CHECK(path.word.find('/') == std::string_view::npos);
    CHECK(std::find(words.begin(), words.end(), path.word) == words.end());
    words.emplace_back(path.word);
  }
}

TEST_CASE("the sentence names the files, not endlessly many") {
  CHECK(protected_paths_problem({".gitmodules"}).starts_with("changed .gitmodules, which"));
  CHECK(protected_paths_problem(std::vector<std::string>(9, ".github/x")).find("4 more") !=
        std::string::npos);
}
