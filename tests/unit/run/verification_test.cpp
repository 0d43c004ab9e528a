#include "run/verification.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
using run::EndedBy;

namespace {

struct Sequence {
  explicit Sequence(std::vector<std::string> commands) {
    sequence.commands = std::move(commands);
    sequence.directory = folder.path();
    sequence.environment =
        Environment(std::map<std::string, std::string>{{"PATH", "/usr/bin:/bin"}, {"WHO", "me"}});
    sequence.run_id = random_id(8);
    sequence.environment.set("CHANGELING_RUN", sequence.run_id);
    sequence.time_limit = std::chrono::seconds(30);
  }
  run::SequenceResult run(bool run_all, const run::StopRequest& stop = {}) {
    run::RunLog log({folder.path() / "run"}, Redactor({"hunter22"}), clock);
    return run::run_commands(sequence, run_all, stop, log);
  }

  TemporaryFolder folder;
  SystemClock clock;
  run::CommandSequence sequence;
};

}  // namespace

TEST_CASE("commands run with the shell in the folder, with exactly the given environment") {
  Sequence test({"pwd && echo \"$WHO\" | tr a-z A-Z", "test -z \"$HOME\""});
  const auto result = test.run(false);
  CHECK(result.passed);
  CHECK(result.ended_by == EndedBy::Itself);
  REQUIRE(result.results.size() == 2);
  CHECK(result.results[0].output == test.folder.path().string() + "\nME\n");
  CHECK(result.results[0].exit_code == 0);
  CHECK(read_file(test.folder.path() / "run/log").find("$ test -z \"$HOME\"\n") != std::string::npos);
}

TEST_CASE("a failing command stops the others only where they depend on it") {
  Sequence test({"exit 3", "true"});
  auto result = test.run(true);
  CHECK_FALSE(result.passed);
  REQUIRE(result.results.size() == 2);
  CHECK(result.results[0].exit_code == 3);
  CHECK_FALSE(result.results[0].passed);
  CHECK(result.results[1].passed);
  result = test.run(false);
  CHECK(result.results.size() == 1);
}

TEST_CASE("output is redacted, valid, and only its last part is kept") {
  Sequence test({"echo hunter22; printf 'caf\\351\\n'",
                 "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done",
                 "echo hunter22; false # hunter22"});
  const auto result = test.run(true);
  CHECK(result.results[0].output == "[redacted]\ncaf\xEF\xBF\xBD\n");
  const std::string& long_output = result.results[1].output;
  CHECK(long_output.size() <= 8192);
  CHECK(long_output.size() > 4096);
  CHECK(long_output.ends_with("line 19999\n"));
  CHECK(long_output.starts_with("line "));
  CHECK(result.results[2].command == "echo [redacted]; false # [redacted]");
  CHECK(read_file(test.folder.path() / "run/log").find("hunter22") == std::string::npos);
}

TEST_CASE("a command over its time has failed and says so; the next one runs") {
  Sequence test({"echo begun; sleep 60", "true"});
  test.sequence.time_limit = std::chrono::milliseconds(300);
  const auto result = test.run(true);
  CHECK_FALSE(result.passed);
  REQUIRE(result.results.size() == 2);
  CHECK_FALSE(result.results[0].passed);
  CHECK(result.results[0].output == "begun\n\n(ended after the time limit of 300ms)");
}

TEST_CASE("a stop request ends the sequence") {
  for (const EndedBy reason : {EndedBy::UserRequest, EndedBy::LostLease}) {
    Sequence test({"sleep 60", "true"});
    const auto result = test.run(true, [&] { return reason; });
    CHECK(result.ended_by == reason);
    CHECK_FALSE(result.passed);
    CHECK(result.results.size() == 1);
  }
}

TEST_CASE("no commands pass") {
  CHECK(Sequence({}).run(true).passed);
}
