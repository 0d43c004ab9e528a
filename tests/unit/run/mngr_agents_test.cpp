#include "run/mngr_agents.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;

namespace {

/// A mngr that prints `answer`, and the file that keeps it.
struct Asked {
  explicit Asked(const std::string& answer) {
    folder.write("answer", answer);
    folder.write_script("bin/mngr", "#!/bin/sh\n/bin/cat '" + (folder.path() / "answer").string() +
                                        "'\necho x >>'" + (folder.path() / "calls").string() + "'\n");
  }
  run::KnownMngrAgents known() {
    return run::known_mngr_agents(processes,
                                  Environment(std::map<std::string, std::string>{
                                      {"PATH", (folder.path() / "bin").string() + ":/usr/bin:/bin"}}),
                                  file);
  }
  /// Until whoever was asked in the background has answered.
  void wait_for_answer() const {
    for (int look = 0; look < 2000 && std::filesystem::exists(file.string() + ".asking"); ++look) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    REQUIRE_FALSE(std::filesystem::exists(file.string() + ".asking"));
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "agents.json";
  SystemProcessRunner processes;
};

}  // namespace

TEST_CASE("agents under our label are known by name after mngr was asked, others are not") {
  Asked asked(R"({"agents":[
      {"name":"b","state":"WAITING","labels":{"changeling":"sprite","changeling_run":"run-two"}},
      {"name":"foreign","state":"RUNNING","labels":{"other":"x"}},
      {"name":"bare","state":"RUNNING"},
      {"name":"a","labels":{"changeling":"troll"}}],"errors":[]})");
  CHECK(asked.known().agents.empty());
  asked.wait_for_answer();
  const auto agents = asked.known().agents;
  REQUIRE(agents.size() == 2);
  CHECK(agents[0].name == "a");
  CHECK(agents[0].state == "UNKNOWN");
  CHECK(agents[0].run.empty());
  CHECK(agents[1].changeling == "sprite");
  CHECK(agents[1].run == "run-two");
  // The answer is fresh.
  CHECK(asked.folder.read("calls") == "x\n");
}

TEST_CASE("nobody waits for mngr, and it is asked once at a time") {
  Asked asked("{}");
  const auto go = asked.folder.path() / "go";
  asked.folder.write_script("bin/mngr", "#!/bin/sh\necho x >>'" + (asked.folder.path() / "calls").string() +
                                            "'\nwhile test ! -e '" + go.string() +
                                            "'; do sleep 0.05; done\necho '{}'\n");
  CHECK(asked.known().agents.empty());
  CHECK(asked.known().agents.empty());
  CHECK_FALSE(std::filesystem::exists(asked.file));
  asked.folder.write("go", "");
  asked.wait_for_answer();
  CHECK(asked.folder.read("calls") == "x\n");
}

TEST_CASE("an answer in another form is an empty list") {
  Asked asked("");
  for (const char* answer :
       {"", "not JSON", "[]", "7", "null", "{}", "{\"agents\":null}", "{\"agents\":{\"a\":1}}",
        "{\"agents\":[1,\"x\",null,[]]}", "{\"agents\":[{\"labels\":[]}]}",
        "{\"agents\":[{\"labels\":{\"changeling\":7}}]}"}) {
    CAPTURE(answer);
    asked.folder.write("agents.json", answer);
    CHECK(asked.known().agents.empty());
  }
}

TEST_CASE("an old answer says nothing any more") {
  Asked asked("{}");
  asked.folder.write("agents.json", R"({"agents":[{"name":"a","labels":{"changeling":"troll"}}]})");
  CHECK(asked.known().agents.size() == 1);
  std::filesystem::last_write_time(asked.file,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  CHECK(asked.known().agents.empty());
  asked.wait_for_answer();
}
