#include "run/mngr_agents.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;

namespace {

/// What is listed when mngr is a program that prints `answer` and ends with `exit_code`.
std::vector<run::MngrAgent> listed(const std::string& answer, int exit_code = 0) {
  const TemporaryFolder folder;
  folder.write("answer", answer);
  folder.write_script("mngr", "#!/bin/sh\n/bin/cat '" + (folder.path() / "answer").string() + "'\nexit " +
                                  std::to_string(exit_code) + "\n");
  SystemProcessRunner processes;
  return run::list_mngr_agents(
      processes, Environment(std::map<std::string, std::string>{{"PATH", folder.path().string()}}));
}

}  // namespace

TEST_CASE("agents under our label are listed by name, others are not") {
  const auto agents = listed(R"({"agents":[
      {"name":"b","state":"WAITING","labels":{"changeling":"sprite","changeling-run":"run-two"}},
      {"name":"foreign","state":"RUNNING","labels":{"other":"x"}},
      {"name":"bare","state":"RUNNING"},
      {"name":"a","labels":{"changeling":"troll"}}],"errors":[]})");
  REQUIRE(agents.size() == 2);
  CHECK(agents[0].name == "a");
  CHECK(agents[0].state == "UNKNOWN");
  CHECK(agents[0].run.empty());
  CHECK(agents[1].changeling == "sprite");
  CHECK(agents[1].run == "run-two");
}

TEST_CASE("no answer, a failure or an answer in another form is an empty list") {
  for (const char* answer :
       {"", "not JSON", "[]", "7", "null", "{}", "{\"agents\":null}", "{\"agents\":{\"a\":1}}",
        "{\"agents\":[1,\"x\",null,[]]}", "{\"agents\":[{\"labels\":[]}]}",
        "{\"agents\":[{\"labels\":{\"changeling\":7}}]}"}) {
    CAPTURE(answer);
    CHECK(listed(answer).empty());
  }
  CHECK(listed("{\"agents\":[{\"name\":\"a\",\"labels\":{\"changeling\":\"x\"}}]}", 1).empty());
  SystemProcessRunner processes;
  CHECK(run::list_mngr_agents(processes, Environment()).empty());
}
