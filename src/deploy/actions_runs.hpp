#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "forge/api.hpp"

namespace changeling::deploy {

/// A run of a workflow as GitHub tells it.
struct ActionsRun {
  std::int64_t number = 0;  ///< GitHub's id.
  std::string url;          ///< For people.
  std::string status;       ///< "queued", "in_progress", "completed", …
  std::string conclusion;   ///< Once completed: "success", "failure", "cancelled", …

  bool completed() const { return status == "completed"; }
};

/// The requests about runs of deployed changelings. Failures are the Errors of forge::GitHubApi.
class ActionsRuns {
 public:
  explicit ActionsRuns(forge::GitHubApi api) : api_(std::move(api)) {}

  /// Starts the workflow on the repository's default branch, with `run_id` as its input. An attempt without
  /// an answer is not repeated when it has made a run, which may show some moments later: `wait` is called
  /// between the looks. Throws Error(NotFound) when GitHub knows no such workflow.
  void dispatch(const std::string& workflow_file, const std::string& run_id,
                const std::function<void()>& wait) const;

  /// The run with this id in its title, or nothing: GitHub makes it some moments after the dispatch.
  std::optional<ActionsRun> find(const std::string& workflow_file, const std::string& run_id) const;

  /// As it is now.
  ActionsRun look(const ActionsRun& run) const;

 private:
  std::optional<nlohmann::json> find_made(const std::string& workflow_file, const std::string& run_id) const;

  forge::GitHubApi api_;
};

}  // namespace changeling::deploy
