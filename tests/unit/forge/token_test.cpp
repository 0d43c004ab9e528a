#include "forge/token.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::forge;

namespace {

/// Answers by program name; a program that is not named does not exist.
class FakePrograms : public ProcessRunner {
 public:
  using ProcessRunner::run;
  ProcessResult run(const Command& command, std::chrono::milliseconds time_limit) override {
    commands.push_back(command);
    CHECK(time_limit > std::chrono::milliseconds(0));
    const auto found = results.find(command.arguments.front());
    if (found == results.end()) throw Error(ErrorKind::NotFound, command.arguments.front() + " is not there");
    return found->second;
  }
  void prints(const std::string& program, const std::string& output, int code = 0) {
    results[program] = ProcessResult{ExitStatus{code, std::nullopt}, output, "", false};
  }
  std::map<std::string, ProcessResult> results;
  std::vector<Command> commands;
};

std::string found(const Environment& environment, FakePrograms& programs) {
  const auto token = find_token({"github.com", "acme/widgets.git"}, environment, programs, "/somewhere");
  return token ? token->source + ": " + token->value : "none";
}

}  // namespace

TEST_CASE("tokens are looked for in the documented order") {
  FakePrograms programs;
  programs.prints("gh", "from-gh\n");
  programs.prints("git", "protocol=https\nhost=github.com\nusername=me\npassword=from-git\n");
  Environment environment({{"GITHUB_TOKEN", "first"}, {"GH_TOKEN", " second\n"}});
  CHECK(found(environment, programs) == "GITHUB_TOKEN: first");
  environment.set("GITHUB_TOKEN", "");
  CHECK(found(environment, programs) == "GH_TOKEN: second");
  CHECK(programs.commands.empty());
  environment.unset("GH_TOKEN");
  CHECK(found(environment, programs) == "gh auth token: from-gh");
  programs.results.erase("gh");
  CHECK(found(environment, programs) == "git credential: from-git");
  programs.results.erase("git");
  CHECK(found(environment, programs) == "none");
}

TEST_CASE("programs that fail, hang or print nonsense are passed over") {
  FakePrograms programs;
  programs.prints("gh", "from-gh\n", 1);
  programs.prints("git", "username=me\npassword=two words\n");
  CHECK(found(Environment(), programs) == "none");
  programs.prints("gh", "");
  programs.prints("git", "password=good\n");
  programs.results["git"].timed_out = true;
  CHECK(found(Environment(), programs) == "none");
}

TEST_CASE("git is asked for the right host and cannot prompt") {
  FakePrograms programs;
  programs.prints("git", "password=good\n");
  found(Environment({{"GIT_DIR", "/elsewhere"}, {"SSH_ASKPASS", "/usr/bin/dialog"}}), programs);
  REQUIRE(programs.commands.size() == 2);
  const Command& git = programs.commands[1];
  CHECK(git.arguments == std::vector<std::string>{"git", "credential", "fill"});
  CHECK(git.standard_input == "protocol=https\nhost=github.com\npath=acme/widgets.git\n\n");
  CHECK(git.working_directory == "/somewhere");
  REQUIRE(git.environment);
  CHECK(git.environment->get("GIT_TERMINAL_PROMPT") == "0");
  CHECK(git.environment->get("GIT_ASKPASS") == "");
  CHECK_FALSE(git.environment->get("GIT_DIR"));
}

TEST_CASE("a variable that would break out of the header is refused without showing it") {
  FakePrograms programs;
  for (const char* value : {"abc\r\nX-Evil: 1", "two words", "caf\xc3\xa9"}) {
    try {
      found(Environment(std::map<std::string, std::string>{{"GITHUB_TOKEN", value}}), programs);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::Invalid);
      CHECK(std::string(error.what()).find("GITHUB_TOKEN") != std::string::npos);
      CHECK(std::string(error.what()).find(value) == std::string::npos);
    }
  }
}

TEST_CASE("a token goes to the host that it belongs to") {
  FakePrograms programs;
  Environment environment({{"GITHUB_TOKEN", "for-github"}, {"GH_ENTERPRISE_TOKEN", "for-servers"}});
  const auto value_for = [&](const std::string& host) {
    const auto token = find_token({host, "acme/widgets.git"}, environment, programs, "/somewhere");
    return token ? token->value : "none";
  };
  CHECK(value_for("github.com") == "for-github");
  CHECK(value_for("acme.ghe.com") == "for-github");
  CHECK(value_for("127.0.0.1") == "for-github");
  CHECK(value_for("git.example.com") == "for-servers");
  CHECK(value_for("notghe.com") == "for-servers");
  CHECK(value_for("127.evil.example") == "for-servers");
  environment.set("GITHUB_SERVER_URL", "https://git.example.com");
  CHECK(value_for("git.example.com") == "for-github");
  environment.unset("GITHUB_SERVER_URL");
  environment.unset("GH_ENTERPRISE_TOKEN");
  CHECK(value_for("git.example.com") == "none");
}
