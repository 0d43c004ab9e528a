#pragma once

#include "forge/forge.hpp"
#include "support/error.hpp"

namespace changeling::forge {

/// A forge that was chosen and cannot be used, as without a token: whoever only looks is told like without a
/// network, and goes on; whoever would propose something asks require_usable() first.
class UnusableForge : public Forge {
 public:
  /// Why, as whoever proposes is told.
  explicit UnusableForge(Error reason) : reason_(std::move(reason)) {}

  std::string_view kind() const override { return "github"; }
  bool needs_pushed_branch() const override { return true; }
  void require_usable() const override;
  std::vector<PullRequest> open_pull_requests() override;
  std::optional<PullRequest> find(std::int64_t number) override;
  std::vector<PullRequest> list(std::size_t limit) override;
  PullRequest open(const Proposal& proposal, std::vector<std::string>& warnings) override;
  PullRequest update(std::int64_t number, const Proposal& proposal,
                     std::vector<std::string>& warnings) override;
  void close(std::int64_t number, const std::string& reason) override;
  std::vector<std::string> rejected_patch_ids(const std::string& changeling) override;
  std::string open_issue(const std::string& title, const std::string& body,
                         const std::vector<std::string>& labels) override;

 private:
  [[noreturn]] void cannot_be_asked() const;

  Error reason_;
};

}  // namespace changeling::forge
