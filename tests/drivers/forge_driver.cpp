// Calls GitHubForge for tests/e2e/test_github_forge.py: one JSON object a line on standard input,
//   {"call": "open", "proposal": {…}}, {"call": "close", "number": 1, "reason": "…"}, …
// and one a line on standard output: {"result": …, "warnings": […], "waits_ms": […]} or {"error": {…}, …}.
// Arguments: API_URL TOKEN OWNER NAME. Waits between attempts are told, not waited.

#include <iostream>

#include "forge/github.hpp"
#include "support/json.hpp"

using namespace changeling;

namespace {

Json to_json(const forge::PullRequest& pull) {
  return {
      {"number", pull.number}, {"title", pull.title}, {"body", pull.body}, {"changeling", pull.changeling},
      {"branch", pull.branch}, {"base", pull.base},   {"head", pull.head}, {"state", pull.state},
      {"url", pull.url},       {"draft", pull.draft}};
}

Json to_json(const std::vector<forge::PullRequest>& pulls) {
  Json list = Json::array();
  for (const auto& pull : pulls) list.push_back(to_json(pull));
  return list;
}

forge::Proposal proposal_from(const Json& object) {
  forge::Proposal proposal;
  proposal.branch = object.at("branch");
  proposal.base = object.value("base", "main");
  proposal.title = object.value("title", "Title");
  proposal.body = object.value("body", "Body");
  proposal.draft = object.value("draft", false);
  proposal.labels = json_strings(object, "labels");
  proposal.reviewers = json_strings(object, "reviewers");
  return proposal;
}

Json call(forge::GitHubForge& github, const Json& request, std::vector<std::string>& warnings) {
  const std::string name = request.at("call");
  const std::int64_t number = request.value("number", 0);
  if (name == "open") return to_json(github.open(proposal_from(request.at("proposal")), warnings));
  if (name == "update")
    return to_json(github.update(number, proposal_from(request.at("proposal")), warnings));
  if (name == "find") {
    const auto found = github.find(number);
    return found ? to_json(*found) : Json(nullptr);
  }
  if (name == "open_pull_requests") return to_json(github.open_pull_requests());
  if (name == "list") return to_json(github.list(request.value("limit", std::size_t(10))));
  if (name == "rejected_patch_ids") return github.rejected_patch_ids(request.at("changeling"));
  if (name == "open_issue") {
    return github.open_issue(request.at("title"), request.at("body"), json_strings(request, "labels"));
  }
  if (name == "close") {
    github.close(number, request.value("reason", ""));
    return nullptr;
  }
  throw Error(ErrorKind::Usage, "no call " + name);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 129;
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
  forge::GitHubForge github(client, clock, policy, choice);

  for (std::string line; std::getline(std::cin, line);) {
    waits.clear();
    std::vector<std::string> warnings;
    Json answer;
    try {
      answer["result"] = call(github, parse_json(line, "standard input"), warnings);
    } catch (const Error& error) {
      answer["error"] = {
          {"kind", to_string(error.kind())}, {"message", error.what()}, {"hint", error.hint()}};
    }
    answer["warnings"] = warnings;
    answer["waits_ms"] = waits;
    std::cout << answer.dump() << std::endl;
  }
}
