#include "support/path_glob.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "../temporary_folder.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;

namespace {

/// Runs git in `folder` without the machine's or the user's configuration.
std::string git(const std::filesystem::path& folder, std::vector<std::string> arguments,
                const std::string& standard_input = "") {
  Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), "git");
  command.working_directory = folder;
  Environment environment = Environment::of_this_process();
  environment.set("GIT_CONFIG_GLOBAL", "/dev/null");
  environment.set("GIT_CONFIG_NOSYSTEM", "1");
  environment.set("GIT_GLOB_PATHSPECS", "1");
  command.environment = environment;
  command.standard_input = standard_input;
  const auto result = SystemProcessRunner().run(command);
  CAPTURE(result.error);
  REQUIRE(result.status.success());
  return result.output;
}

}  // namespace

TEST_CASE("stars stop at slashes unless there are two of them between slashes") {
  CHECK(matches_path_glob("docs/*.md", "docs/a.md"));
  CHECK_FALSE(matches_path_glob("docs/*.md", "docs/deep/a.md"));
  CHECK(matches_path_glob("docs/**", "docs/deep/a.md"));
  CHECK_FALSE(matches_path_glob("docs/**", "docs"));
  CHECK(matches_path_glob("docs/**/a.md", "docs/a.md"));
  CHECK(matches_path_glob("docs/**/a.md", "docs/x/y/a.md"));
  CHECK_FALSE(matches_path_glob("docs/**/a.md", "docs/xa.md"));
  CHECK(matches_path_glob("**/a.md", "a.md"));
  CHECK_FALSE(matches_path_glob("docs/a**", "docs/a/b"));
  CHECK_FALSE(matches_path_glob("docs/a?b", "docs/a/b"));
  CHECK_FALSE(matches_path_glob("docs/a[!x]b", "docs/a/b"));
}

TEST_CASE("a pattern without a slash matches in every folder, one that ends in a slash everything below") {
  CHECK(matches_path_glob("*.md", "docs/deep/a.md"));
  CHECK(matches_path_glob("Makefile", "sub/Makefile"));
  CHECK_FALSE(matches_path_glob("/Makefile", "sub/Makefile"));
  CHECK(matches_path_glob("/Makefile", "Makefile"));
  CHECK(matches_path_glob("./docs/*.md", "docs/a.md"));
  CHECK(matches_path_glob("docs/", "docs/deep/a.md"));
  CHECK(matches_path_glob("/docs/", "docs/a.md"));
  CHECK(matches_path_glob("do*/", "docs/a.md"));
  CHECK_FALSE(matches_path_glob("docs/", "docsX/a.md"));
  CHECK_FALSE(matches_path_glob("docs/", "sub/docs/a.md"));
  CHECK_FALSE(matches_path_glob("docs", "docs/a.md"));
}

TEST_CASE("special characters are taken literally behind a backslash and in sets") {
  CHECK(matches_path_glob("a\\*b", "a*b"));
  CHECK_FALSE(matches_path_glob("a\\*b", "axb"));
  CHECK(matches_path_glob("[*]", "*"));
  CHECK(matches_path_glob("[]x]", "]"));
  CHECK(matches_path_glob("[a\\]x]", "]"));
  CHECK(matches_path_glob("[^a-c]", "d"));
  CHECK_FALSE(matches_path_glob("[!a-c]", "b"));
  CHECK(matches_path_glob("[[:digit:]_]", "7"));
  CHECK_FALSE(matches_path_glob("[[:digits:]]", "7"));
  CHECK_FALSE(matches_path_glob("[a", "[a"));
  CHECK_FALSE(matches_path_glob("a\\", "a\\"));
  CHECK(matches_path_glob("caf\xC3\xA9*", "caf\xC3\xA9.txt"));
}

TEST_CASE("a pattern of many stars takes no more time than a simple one") {
  std::string pattern;
  for (int count = 0; count < 200; ++count) pattern += "*a";
  CHECK_FALSE(matches_path_glob(pattern + "b/**/**/**/**/b", std::string(4000, 'a')));
}

TEST_CASE("patterns match the same paths as git's own") {
  const TemporaryFolder folder;
  std::mt19937 random(20261120);
  const auto pick = [&](std::string_view letters) { return letters[random() % letters.size()]; };
  // Few letters, so that patterns hit often.
  std::set<std::string> files;
  while (files.size() < 150) {
    std::string path;
    const std::size_t depth = 1 + random() % 4;
    for (std::size_t level = 0; level < depth; ++level) {
      if (level > 0) path += '/';
      const std::size_t length = 1 + random() % 3;
      for (std::size_t count = 0; count < length; ++count) path += pick("aaabb-]*[");
    }
    // A name is a file or a folder, never both.
    const bool clashes = std::any_of(files.begin(), files.end(), [&](const std::string& other) {
      return other.starts_with(path + "/") || path.starts_with(other + "/");
    });
    if (!clashes) files.insert(path);
  }
  git(folder.path(), {"init", "-q"});
  std::string index;
  for (const std::string& file : files) {
    index += "100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\t" + file;
    index += '\0';
  }
  git(folder.path(), {"update-index", "-z", "--index-info"}, index);

  const std::vector<std::string> pieces{
      "a",    "b",     "-",   "/",    "/",      "*",     "*",       "**",
      "/**/", "**/",   "/**", "?",    "[ab]",   "[!a]",  "[^b]",    "[a-b]",
      "\\*",  "\\[",   "[]]", "[b-]", "[]-a]",  "[!]-]", "[\\]a]",  "[[:alpha:]]",
      "[[:x", "[[:]b", "***", "[a",   "[b-\\]", "\\/",   "[!a-b]*", "[[:punct:]]"};
  int hits = 0;
  for (int round = 0; round < 600; ++round) {
    std::string pattern = round % 2 == 0 ? "" : "a";
    const std::size_t length = 1 + random() % 5;
    for (std::size_t count = 0; count < length; ++count) pattern += pieces[random() % pieces.size()];
    // What only looks like git's pathspec: these forms have rules of their own, see the header. git takes a
    // pathspec without any special character as the name of a folder, too.
    if (pattern.find('/') == std::string::npos || pattern.starts_with('/') || pattern.ends_with('/') ||
        pattern.find("//") != std::string::npos || pattern.find_first_of("*?[\\") == std::string::npos) {
      continue;
    }
    // And it compares the plain beginning apart, which makes a "**" right behind it look like one at the
    // start.
    const auto special = pattern.find_first_of("*?[\\");
    if (special > 0 && pattern[special - 1] != '/' && pattern.compare(special, 2, "**") == 0) continue;
    std::set<std::string> ours;
    for (const std::string& file : files) {
      if (matches_path_glob(pattern, file)) ours.insert(file);
    }
    std::set<std::string> theirs;
    for (std::string& file : split(git(folder.path(), {"ls-files", "-z", "--", pattern}), '\0')) {
      if (!file.empty()) theirs.insert(std::move(file));
    }
    CAPTURE(pattern);
    CHECK(join({ours.begin(), ours.end()}, "\n") == join({theirs.begin(), theirs.end()}, "\n"));
    hits += theirs.empty() ? 0 : 1;
  }
  CHECK(hits > 40);
}
