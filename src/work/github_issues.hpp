#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "forge/api.hpp"

namespace changeling::work {

/// An issue, as much of it as decides about claiming.
struct Issue {
  std::int64_t number = 0;
  bool open = false;
  std::vector<std::string> labels;
  std::vector<std::string> assignees;

  bool has_label(const std::string& name) const;
  /// Somebody other than `login` among the assignees, or nothing.
  std::optional<std::string> assigned_to_other_than(const std::string& login) const;
};

/// The requests about issues that a worker makes. Failures are the Errors of forge::GitHubApi.
class GitHubIssues {
 public:
  explicit GitHubIssues(forge::GitHubApi api) : api_(std::move(api)) {}

  /// Open issues with all the labels, oldest first, without pull requests, until `take` returns false.
  void each_open(const std::vector<std::string>& labels,
                 const std::function<bool(const Issue&, const nlohmann::json&)>& take) const;
  /// Throws Error(NotFound) for one that was deleted or moved to another repository.
  Issue find(std::int64_t number, nlohmann::json* whole = nullptr) const;

  std::vector<nlohmann::json> comments(std::int64_t issue) const;
  std::optional<nlohmann::json> find_comment(std::int64_t comment) const;
  /// `mark` is a part of the body that no other comment has: one that an unanswered attempt made is found by
  /// it.
  nlohmann::json add_comment(std::int64_t issue, const std::string& body, const std::string& mark) const;
  /// False when it is gone.
  bool edit_comment(std::int64_t comment, const std::string& body) const;
  void remove_comment(std::int64_t comment) const;

  void add_label(std::int64_t issue, const std::string& label) const;
  void remove_label(std::int64_t issue, const std::string& label) const;
  /// Whoever cannot be assigned (an app, a user without access) is passed over, as GitHub itself does.
  void assign(std::int64_t issue, const std::string& login) const;
  void unassign(std::int64_t issue, const std::string& login) const;

 private:
  forge::GitHubApi api_;
};

}  // namespace changeling::work
