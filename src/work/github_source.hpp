#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "work/claim_comment.hpp"
#include "work/github_issues.hpp"
#include "work/retry_pauses.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

struct GitHubSourceSettings {
  std::string role_label = "role-{role}";              ///< Which label a role is on GitHub.
  std::string claim_label = "changeling-in-progress";  ///< While a worker has the issue.
  std::string review_label = "changeling-in-review";   ///< After a success; not claimed while it is there.
  std::string failed_label = "changeling-failed";      ///< After `most_attempts` failures; likewise.
  Duration lease = std::chrono::minutes(30);
  std::int64_t most_attempts = 3;  ///< 0: no limit.
};

/// Tasks from GitHub issues, see docs/sources.md. A claim is a comment with a lease; among the comments of
/// workers who came at once the earliest wins. Label and assignee show it to people. Whether a claim has
/// expired is judged by GitHub's clock. The token of a claim is the comment's number.
/// From any thread when the HttpClient is.
class GitHubSource : public TaskSource {
 public:
  /// `clock` must outlive the source, as must what the API uses.
  GitHubSource(forge::GitHubApi api, const Clock& clock, GitHubSourceSettings settings);

  std::string_view name() const override { return to_string(SourceKind::GitHub); }
  /// Throws Error(Usage) without a role and labels: all issues of a repository are nobody's order. A token
  /// that may not do this is the Error of forge::GitHubApi; asking again does not help.
  SourceClaim claim(const queue::ClaimFilter& filter, const std::string& worker) override;
  /// The comment is still there, the issue open, and the labels on it for which it was claimed. Makes the
  /// lease last longer when half of it has passed, so that whoever asks from time to time need not renew.
  /// Throws Error(Unavailable).
  bool holds(const SourcedClaim& claim, const std::string& worker) override;
  std::string why_lost(const SourcedClaim& claim) override;
  /// Label, assignee and comment go, unless somebody else has the issue now.
  void abandon(const SourcedClaim& claim) override;
  /// Throws Error(Refused) when the claim was taken away.
  void renew(const SourcedClaim& claim) override;
  /// Success: a comment that links the result, the review label instead of the claim. The issue is closed by
  /// merging the pull request, whose text says "Closes #N". Otherwise a comment why, and the issue is free
  /// again. Repeating it after an Error(Unavailable) says nothing twice. Throws Error(Refused) when a
  /// success is not one: criteria are unmet, or somebody else has the issue.
  void finish(const SourcedClaim& claim, const TaskResult& result) override;

 private:
  bool is_candidate(const Issue& issue) const;
  bool is_busy(const Issue& issue);
  SourceClaim compete(const Issue& issue, const std::string& worker);
  SourceClaim take(const Issue& issue, const ClaimComment& claim);
  void hand_back(std::int64_t issue, const ClaimComment& claim);
  void tell_result(std::int64_t issue, const TaskResult& result, bool done, const std::string& own_login);
  bool extend(const ClaimComment& claim);  ///< False when it was taken away.
  void note_renewal(std::int64_t comment);
  bool is_renewal_due(std::int64_t comment);
  /// Why people do not want the issue to be worked on any more; empty when they do.
  std::string withdrawal(std::int64_t issue);
  bool begin(std::int64_t issue);
  void end(std::int64_t issue);

  GitHubIssues issues_;
  const Clock& clock_;
  GitHubSourceSettings settings_;
  RetryPauses pauses_;
  std::mutex mutex_;
  std::string own_login_;        ///< Of the token, once a comment was written with it.
  std::set<std::int64_t> held_;  ///< Issues that this object works on or tries to claim.
  std::map<std::int64_t, std::vector<std::string>> wanted_;  ///< Labels for which an issue was claimed.
  std::map<std::int64_t, std::string> why_lost_;             ///< By issue, once holds() has said no.
  std::map<std::int64_t, Timestamp> busy_until_;             ///< Others' claims, not to be looked at before.
  std::map<std::int64_t, Timestamp> renewed_at_;             ///< By comment, on this machine's clock.
};

}  // namespace changeling::work
