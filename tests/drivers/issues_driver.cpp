// Calls GitHubSource for tests/e2e/test_github_issues.py: one JSON object a line on standard input,
//   {"call": "claim", "role": "builder"}, {"call": "holds"}, {"call": "renew"},
//   {"call": "finish", "run": "r1", "outcome": "opened-pr", "success": true, "pull_request": "7", "error":
//   ""}, …
// and one a line on standard output: {"result": …, "waits_ms": […]} or {"error": {…}, …}. All but the first
// are about the last claim. Arguments: API_URL TOKEN OWNER NAME WORKER. Waits between attempts are told, not
// waited.

#include <iostream>

#include "forge/api.hpp"
#include "support/json.hpp"
#include "work/github_source.hpp"

using namespace changeling;

namespace {

struct Worker {
  work::GitHubSource& source;
  std::string name;
  work::SourcedClaim held;

  Json claim(const Json& request) {
    const work::SourceClaim claimed =
        source.claim({request.value("role", ""), json_strings(request, "labels")}, name);
    if (const auto* lost = std::get_if<work::LostRace>(&claimed)) return {{"lost", lost->winner}};
    if (const auto* away = std::get_if<work::Unreachable>(&claimed)) return {{"unreachable", away->reason}};
    if (std::holds_alternative<work::NothingReady>(claimed)) return {{"nothing", true}};
    held = std::get<work::SourcedClaim>(claimed);
    return {{"task", held.task.id},
            {"source", held.task.source},
            {"title", held.task.title},
            {"role", held.task.role},
            {"token", held.token}};
  }

  Json finish(const Json& request) {
    work::TaskResult result;
    result.run = request.at("run");
    result.outcome = request.value("outcome", "failed");
    result.success = request.value("success", false);
    result.error = request.value("error", "");
    result.summary = request.value("summary", "");
    if (request.contains("pull_request")) {
      result.artifacts.push_back({queue::Artifact::Kind::PullRequest, request["pull_request"], "", {}});
    }
    source.finish(held, result);
    return nullptr;
  }

  Json call(const Json& request) {
    const std::string what = request.at("call");
    if (what == "claim") return claim(request);
    if (what == "holds") return source.holds(held, name);
    if (what == "finish") return finish(request);
    if (what != "renew") throw Error(ErrorKind::Usage, "no call " + what);
    source.renew(held);
    return nullptr;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 129;
  forge::ForgeChoice choice;
  choice.kind = forge::ForgeKind::GitHub;
  choice.api_url = argv[1];
  choice.token = {argv[2], "GITHUB_TOKEN"};
  choice.repository = {"github.com", argv[3], argv[4]};
  std::vector<std::int64_t> waits;
  http::RetryPolicy policy;
  policy.sleep = [&](Duration wait) { waits.push_back(wait.count()); };
  const SystemClock clock;
  http::CurlHttpClient client;
  work::GitHubSource source(forge::GitHubApi(client, clock, policy, choice), clock,
                            work::GitHubSourceSettings());
  Worker worker{source, argv[5], {}};

  for (std::string line; std::getline(std::cin, line);) {
    waits.clear();
    Json answer;
    try {
      answer["result"] = worker.call(parse_json(line, "standard input"));
    } catch (const Error& error) {
      answer["error"] = {
          {"kind", to_string(error.kind())}, {"message", error.what()}, {"hint", error.hint()}};
    }
    answer["waits_ms"] = waits;
    std::cout << answer.dump() << std::endl;
  }
}
