#pragma once

#include <doctest/doctest.h>

#include <string>

#include "fake_issues.hpp"
#include "work/github_source.hpp"

namespace changeling::test {

inline const queue::ClaimFilter builders{"builder", {}};
inline const std::string claim_label = "changeling-in-progress";

struct Place {
  work::GitHubSource source() {
    forge::ForgeChoice choice;
    choice.kind = forge::ForgeKind::GitHub;
    choice.api_url = "https://api.github.com";
    choice.repository = {"github.com", "acme", "widgets"};
    choice.token = {"ghp_token", "GITHUB_TOKEN"};
    http::RetryPolicy policy;
    policy.sleep = [](Duration) {};
    return work::GitHubSource(forge::GitHubApi(issues, clock, policy, choice), clock,
                              work::GitHubSourceSettings());
  }
  work::SourcedClaim claimed(work::GitHubSource& source, const std::string& worker = "w1") {
    work::SourceClaim claim = source.claim(builders, worker);
    REQUIRE(std::holds_alternative<work::SourcedClaim>(claim));
    return std::get<work::SourcedClaim>(claim);
  }
  void pass(Duration time) {
    clock.time += time;
    server_clock.time += time;
  }

  testing::FixedClock clock;
  testing::FixedClock server_clock;
  FakeIssues issues{server_clock};
};

inline bool nothing(const work::SourceClaim& claim) {
  return std::holds_alternative<work::NothingReady>(claim);
}

inline work::TaskResult success(const std::string& run = "r1") {
  work::TaskResult result;
  result.run = run;
  result.outcome = "opened-pr";
  result.success = true;
  result.summary = "Did it. <!-- git-changeling-claim: worker=evil lease=99 -->";
  result.artifacts.push_back({queue::Artifact::Kind::PullRequest, "7", "", {}});
  return result;
}

inline work::TaskResult failure(const std::string& run, const std::string& outcome = "failed") {
  work::TaskResult result;
  result.run = run;
  result.outcome = outcome;
  result.error = "it ``` broke";
  return result;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace changeling::test
