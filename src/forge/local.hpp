#pragma once

#include "forge/forge.hpp"
#include "store/pull_request_index.hpp"
#include "store/records.hpp"
#include "support/clock.hpp"

namespace changeling::forge {

/// Pull requests as records on the state ref, for repositories without a forge. Numbers are given inside the
/// store's update, so that two runs never get the same one.
class LocalForge : public Forge {
 public:
  /// All must outlive the forge; the index is the store's.
  LocalForge(store::Store& store, store::PullRequestIndex& index, const Clock& clock)
      : store_(store), index_(index), clock_(clock) {}

  std::string_view kind() const override { return "local"; }
  bool needs_pushed_branch() const override { return false; }
  std::vector<PullRequest> open_pull_requests() override;
  std::vector<PullRequest> find_open(const store::OpenRequestQuery& query) override;
  std::optional<PullRequest> find(std::int64_t number) override;
  std::vector<PullRequest> list(std::size_t limit) override;
  PullRequest open(const Proposal& proposal, std::vector<std::string>& warnings) override;
  /// Throws Error(NotFound) for an unknown number, Error(Conflict) for one that is not open any more.
  PullRequest update(std::int64_t number, const Proposal& proposal,
                     std::vector<std::string>& warnings) override;
  /// Throws Error(NotFound) for an unknown number.
  void close(std::int64_t number, const std::string& reason) override;
  /// Throws Error(NotFound) for an unknown number; one that is not open stays as it is.
  void note_merged(std::int64_t number, const std::string& commit) override;
  std::vector<std::string> rejected_patch_ids(const std::string& changeling) override;
  std::string open_issue(const std::string& title, const std::string& body,
                         const std::vector<std::string>& labels) override;

 private:
  /// Numbers come from the index, and the records themselves decide that one is free.
  std::int64_t free_number(const store::Snapshot& snapshot) const;

  store::Store& store_;
  store::PullRequestIndex& index_;
  const Clock& clock_;
};

/// The record as every forge shows pull requests; its url is "local:NUMBER".
PullRequest from_record(const store::PullRequestRecord& record);

/// The record with this number, or Error(NotFound) with a hint.
store::PullRequestRecord require_pull_request(const store::Snapshot& snapshot, std::int64_t number);

}  // namespace changeling::forge
