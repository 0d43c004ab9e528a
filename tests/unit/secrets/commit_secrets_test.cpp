#include "secrets/commit_secrets.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::testing::program_environment;
using changeling::testing::TemporaryRepository;

namespace {

const std::string token = "ghp_" + std::string(36, 'a');

struct Project {
  TemporaryRepository repository;
  SystemProcessRunner processes;
  git::GitProgram git{processes, program_environment(), repository.path()};
  git::ObjectId base = first_commit();

  git::ObjectId head() { return *repository.open().resolve("HEAD"); }
  void commit(const std::map<std::string, std::string>& files, const std::string& message = "change") {
    for (const auto& [name, content] : files) write_file(repository.path() / name, content);
    repository.git("add -A");
    repository.git("commit -q --allow-empty -m '" + message + "'");
  }
  git::ObjectId first_commit() {
    commit({{"a.txt", "one\ntwo\n" + token + "\n"}});
    return head();
  }
  std::string found(const std::vector<std::string>& values = {}) {
    const auto secret = find_secret(git, (repository.path() / ".git").string(), {base}, head(),
                                    KnownSecrets(values), nullptr);
    if (!secret) return "";
    return secret->file + ":" + std::to_string(secret->line);
  }
};

}  // namespace

TEST_CASE("what was there before is not what a commit adds") {
  Project project;
  project.commit({{"a.txt", "zero\none\ntwo\n" + token + "\nthree\n"}, {"b c.txt", "++ b/fake\n"}});
  CHECK(project.found() == "");
  project.commit({{"a.txt", ""}});
  CHECK(project.found() == "");
}

TEST_CASE("file and line of an added secret are told") {
  Project project;
  SUBCASE("in the shape of a token") {
    project.commit({{"dir name/b.txt", "one\n\nkey = " + token + "\n"}});
    CHECK(project.found() == "dir name/b.txt:3");
  }
  SUBCASE("in the middle of a file that was there") {
    project.commit({{"a.txt", "one\n++ two\npassword hunter22\n" + token + "\n"}});
    CHECK(project.found({"hunter22"}) == "a.txt:3");
  }
  SUBCASE("also when the next commit takes it away") {
    project.commit({{"b.txt", "one\n" + token + "\n"}});
    project.commit({{"b.txt", "one\n"}});
    CHECK(project.found() == "b.txt:2");
  }
  SUBCASE("encoded") {
    project.commit({{"b.txt", base64("user:a-secret-value") + "\n"}});
    CHECK(project.found({"a-secret-value"}) == "b.txt:1");
  }
  SUBCASE("over two lines") {
    project.commit(
        {{"b.txt", base64("a-secret-value").substr(0, 8) + "\n" + base64("a-secret-value").substr(8)}});
    CHECK(project.found({"a-secret-value"}) == "b.txt:2");
  }
  SUBCASE("a private key") {
    project.commit({{"key", "x\n-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n"}});
    CHECK(project.found() == "key:2");
  }
  SUBCASE("a value in what is no text, where shapes mean nothing") {
    project.commit({{"binary", std::string("\0\1", 2) + token}});
    CHECK(project.found() == "");
    project.commit({{"binary", std::string("\0\1", 2) + "hunter22"}});
    CHECK(project.found({"hunter22"}) == "binary:1");
  }
  SUBCASE("whatever attributes say about the file") {
    project.commit({{".gitattributes", "* -diff binary\n"}, {"b.txt", token + "\n"}});
    CHECK(project.found() == "b.txt:1");
  }
  SUBCASE("in a message") {
    project.commit({}, "the key is " + token);
    CHECK(project.found() == ":0");
  }
}

TEST_CASE("a commit is pushed as it is, with all that stands in it") {
  Project project;
  const auto made = [&](const std::string& script) {
    project.repository.git("config alias.x '!" + script + "'");
    project.repository.git("x");
  };
  SUBCASE("its author") {
    made("git commit -q --allow-empty -m x --author=\"" + token + " <a@example.org>\"");
    CHECK(project.found() == ":0");
  }
  SUBCASE("its committer") {
    made("GIT_COMMITTER_EMAIL=hunter22@example.org git commit -q --allow-empty -m x");
    CHECK(project.found({"hunter22"}) == ":0");
  }
  SUBCASE("a line that means nothing to git") {
    made(
        "git update-ref HEAD $({ echo tree $(git rev-parse HEAD^{tree}); echo parent $(git rev-parse HEAD); "
        "echo \"author A <a@b> 1 +0000\"; echo \"committer A <a@b> 1 +0000\"; echo note " +
        token + "; echo; echo x; } | git hash-object -w -t commit --stdin)");
    CHECK(project.found() == ":0");
  }
  SUBCASE("the name of a file") {
    project.commit({{"folder of " + token + "/b.txt", "x\n"}});
    CHECK(project.found() == "folder of " + token + "/b.txt:0");
  }
  SUBCASE("the name of a file with nothing in it") {
    project.commit({{"hunter22.txt", ""}});
    CHECK(project.found({"hunter22"}) == "hunter22.txt:0");
  }
}

TEST_CASE("a merge adds what none of its parents has") {
  Project project;
  project.repository.git("checkout -q -b other");
  project.commit({{"b.txt", "from elsewhere\n"}});
  project.repository.git("checkout -q main");
  project.commit({{"c.txt", "here\n"}});
  project.repository.git("merge -q --no-commit --no-ff other");
  SUBCASE("nothing") {
    project.commit({});
    CHECK(project.found() == "");
  }
  SUBCASE("a secret") {
    project.commit({{"b.txt", "from elsewhere\n" + token + "\n"}, {"c.txt", "here\n" + token + "\n"}});
    CHECK(project.found() == "b.txt:2");
  }
}

TEST_CASE("a reference that puts another object in its place hides nothing") {
  Project project;
  project.commit({{"b.txt", token + "\n"}});
  const std::string bad = project.head().hex();
  project.repository.git("replace " + bad + " " + project.base.hex());
  CHECK(project.found() == "b.txt:1");
}
