#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/pull_request_record.hpp"

namespace changeling::forge {

/// A pull request as every forge shows it.
struct PullRequest {
  std::int64_t number = 0;
  std::string title;
  std::string body;
  std::string changeling;  ///< By the branch; elsewhere empty when it is not one of ours.
  std::string branch;      ///< Head branch.
  std::string base;        ///< Base branch.
  std::string head;        ///< Head commit.
  std::string state;       ///< "open", "merged" or "closed".
  std::string url;
  bool draft = false;
  std::vector<std::string> labels;
  std::vector<std::string> reviewers;  ///< Those asked and still waited for.
};

/// What to propose. `branch` has been pushed already where the forge needs that.
struct Proposal {
  std::string changeling;
  std::string run;
  std::string branch;
  std::string base;
  std::string base_commit;
  std::string head;
  std::string title;
  std::string body;  ///< Markdown, ends with the marker (see body.hpp).
  std::string patch_id;
  bool draft = false;
  std::vector<std::string> labels;
  std::vector<std::string> reviewers;
};

/// What continuous integration says of a commit.
enum class CheckState { Missing, Pending, Passed, Failed };

/// Where pull requests live. Calls are idempotent in the sense of their comments, so that a run that was cut
/// off can be repeated. Failures: Error(Unavailable) when trying later may help, Error(External) with a
/// one-sentence explanation and a hint otherwise.
class Forge {
 public:
  virtual ~Forge() = default;

  /// "local" or "github".
  virtual std::string_view kind() const = 0;
  /// Whether the run's branch must be on the remote before open() or update().
  virtual bool needs_pushed_branch() const = 0;
  /// Asked before anything begins that ends with a proposal. Throws Error(Refused) where none could be made,
  /// as without a token.
  virtual void require_usable() const {}

  /// All pull requests made by changelings that are open, by number.
  virtual std::vector<PullRequest> open_pull_requests() = 0;
  /// Those of them that are asked for; a forge that can find them answers without going through all.
  virtual std::vector<PullRequest> find_open(const store::OpenRequestQuery& query);
  /// Including closed ones; nothing when there is no such number.
  virtual std::optional<PullRequest> find(std::int64_t number) = 0;
  /// Open ones first, then the newest `limit` of the others.
  virtual std::vector<PullRequest> list(std::size_t limit) = 0;

  /// Opens one, or returns the open one that already exists for this branch after updating it.
  /// Labels and reviewers that the forge refuses end up in `warnings`, not in an error.
  virtual PullRequest open(const Proposal& proposal, std::vector<std::string>& warnings) = 0;
  /// Replaces title and body and records the new head.
  virtual PullRequest update(std::int64_t number, const Proposal& proposal,
                             std::vector<std::string>& warnings) = 0;
  /// Closes without merging. Closing a closed one changes nothing; a merged one is Error(Refused).
  virtual void close(std::int64_t number, const std::string& reason) = 0;
  /// Notes that people merged an open one by hand, and the commit that did it. Nothing to do where the forge
  /// finds that out by itself, or cannot be told.
  virtual void note_merged(std::int64_t /*number*/, const std::string& /*commit*/) {}
  /// Patch ids of changes that people rejected, so that they are not proposed again.
  virtual std::vector<std::string> rejected_patch_ids(const std::string& changeling) = 0;

  /// The newest state of the check of this name on a branch or commit. Throws Error(Refused) where the forge
  /// has no checks.
  virtual CheckState check(const std::string& name, const std::string& revision);

  /// Files an issue and returns its address; throws Error(Refused) where the forge has no issues.
  virtual std::string open_issue(const std::string& title, const std::string& body,
                                 const std::vector<std::string>& labels) = 0;
};

}  // namespace changeling::forge
