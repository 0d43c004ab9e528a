#pragma once

#include "../http/scripted_http.hpp"
#include "forge/body.hpp"
#include "forge/github.hpp"

// GitHub's answers, written out, and a forge that gets them.
namespace changeling::testing {

using namespace changeling::forge;
using namespace std::chrono_literals;

inline constexpr const char* secret = "ghs_0123456789abcdefghijklmnopqrstuv";

inline Json pull(std::int64_t number, const std::string& branch, const Json& changes = Json::object()) {
  Json object = {
      {"number", number},
      {"title", "Old title"},
      {"body", ""},
      {"state", "open"},
      {"merged_at", nullptr},
      {"draft", false},
      {"html_url", "https://github.com/acme/widgets/pull/" + std::to_string(number)},
      {"labels", Json::array()},
      {"requested_reviewers", Json::array()},
      {"requested_teams", Json::array()},
      {"head", {{"ref", branch}, {"sha", std::string(40, 'a')}, {"repo", {{"full_name", "acme/widgets"}}}}},
      {"base", {{"ref", "main"}, {"sha", std::string(40, 'b')}, {"repo", {{"full_name", "acme/widgets"}}}}}};
  object.merge_patch(changes);
  return object;
}

inline Json list(std::initializer_list<Json> entries) {
  Json array = Json::array();
  for (const Json& entry : entries) array.push_back(entry);
  return array;
}

inline Json refusal(const std::string& message, const Json& errors = nullptr) {
  Json body = {{"message", message}, {"documentation_url", "https://docs.github.com/rest"}};
  if (!errors.is_null()) body["errors"] = errors;
  return body;
}

inline std::string marked_body(const std::string& changeling, const std::string& patch = "",
                               const std::string& title = "") {
  BodyContent content;
  content.changeling = changeling;
  content.run = "r1";
  content.patch_id = patch;
  content.title = title;
  return compose_body(content);
}

struct Fixture {
  ScriptedHttp http;
  FixedClock clock;
  std::vector<Duration> waits;
  std::vector<std::string> warnings;

  std::optional<RemoteRepository> fork;
  GitHubForge forge() {
    http::RetryPolicy policy;
    policy.sleep = [this](Duration duration) { waits.push_back(duration); };
    ForgeChoice choice;
    choice.kind = ForgeKind::GitHub;
    choice.api_url = "https://api.github.com";
    choice.repository = {"github.com", "acme", "widgets"};
    choice.fork = fork;
    choice.token = {secret, "GH_TOKEN"};
    return GitHubForge(http, clock, policy, choice);
  }
  static Proposal proposal() {
    Proposal proposal;
    proposal.changeling = "typo-sprite";
    proposal.run = "r2";
    proposal.branch = "changelings/typo-sprite/r2";
    proposal.base = "main";
    proposal.title = "Correct typos";
    proposal.body = marked_body("typo-sprite");
    return proposal;
  }
  /// The error of an attempt to open one, after the search for an open one found nothing.
  Error opening_fails() {
    try {
      forge().open(proposal(), warnings);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find(secret) == std::string::npos);
      CHECK(error.hint().find(secret) == std::string::npos);
      CHECK_FALSE(error.hint().empty());
      return error;
    }
    FAIL("opened");
    return Error(ErrorKind::Internal, "");
  }
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline const std::string search =
    "GET /repos/acme/widgets/pulls?state=open&head=acme%3Achangelings%2Ftypo-sprite%2Fr2&per_page=100";

}  // namespace changeling::testing
