#pragma once

#include <nlohmann/json_fwd.hpp>

#include "forge/api.hpp"
#include "forge/forge.hpp"

namespace changeling::forge {

/// Pull requests on GitHub, or on a server that speaks its REST API.
///
/// Ours are those whose branch lies where we push branches, which is the repository itself or the one fork
/// that the user configured, and either begins with our prefix or comes with our marker in the body. One from
/// any other fork is never ours, whatever it says, and nobody's name is trusted.
class GitHubForge : public Forge {
 public:
  /// `client` and `clock` must outlive the forge.
  GitHubForge(http::HttpClient& client, const Clock& clock, http::RetryPolicy policy, ForgeChoice choice);

  std::string_view kind() const override { return "github"; }
  bool needs_pushed_branch() const override { return true; }
  std::vector<PullRequest> open_pull_requests() override;
  std::optional<PullRequest> find(std::int64_t number) override;
  std::vector<PullRequest> list(std::size_t limit) override;
  PullRequest open(const Proposal& proposal, std::vector<std::string>& warnings) override;
  /// Throws Error(Refused) for one that is not ours, Error(Conflict) for one that is not open any more. Text
  /// that people wrote in place of the summary or around the generated part of the body stays, and so does a
  /// title that they changed. The base is moved to the proposal's. Whether it is a draft cannot be changed
  /// through this API; a difference becomes a warning.
  PullRequest update(std::int64_t number, const Proposal& proposal,
                     std::vector<std::string>& warnings) override;
  void close(std::int64_t number, const std::string& reason) override;
  std::vector<std::string> rejected_patch_ids(const std::string& changeling) override;
  CheckState check(const std::string& name, const std::string& revision) override;
  std::string open_issue(const std::string& title, const std::string& body,
                         const std::vector<std::string>& labels) override;

 private:
  std::optional<nlohmann::json> open_one_for(const std::string& branch, bool with_retries) const;
  nlohmann::json own_pull_request(std::int64_t number, const std::string& action) const;
  nlohmann::json create(const Proposal& proposal, bool& existed) const;
  PullRequest refresh(const nlohmann::json& existing, const Proposal& proposal,
                      std::vector<std::string>& warnings) const;
  void add_labels(const nlohmann::json& pull, const Proposal& proposal,
                  std::vector<std::string>& warnings) const;
  void ask_reviewers(const nlohmann::json& pull, const Proposal& proposal,
                     std::vector<std::string>& warnings) const;

  /// Empty when it is not ours: its branch is a run's and lies with us (foreign_branch_problem). Nothing that
  /// stands in its text makes it so.
  std::string owning_changeling(const nlohmann::json& pull) const;
  bool lies_with_us(const nlohmann::json& pull) const;
  bool is_fork() const;
  PullRequest from_json(const nlohmann::json& pull) const;

  RemoteRepository head_;  ///< Where the branches lie.
  BranchPrefix prefix_;
  GitHubApi api_;
};

}  // namespace changeling::forge
