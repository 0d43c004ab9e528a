#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/run_history.hpp"
#include "support/clock.hpp"

namespace changeling::run {

// What a changeling has learnt about the things it chose to work on: a FIXME, a flaky test. Agents name their
// target in a file; runs keep the name.

/// Most characters of a target's name.
inline constexpr std::size_t longest_target = 200;

/// The name in an agent's file: its first line, without what would break out of a line of a prompt.
std::string target_name(std::string_view file_content);

/// What has become of the changeling's pull requests, by number. Those in neither set are merged.
struct PullRequestFates {
  std::set<std::int64_t> open;
  std::set<std::int64_t> rejected;
};

/// A target that the changeling leaves alone for now.
struct RestingTarget {
  std::string target;
  std::string reason;  ///< "failed 2 times, left alone until 2026-11-23".
};

/// An open pull request keeps its target at rest; a merged one for a day, for its base branch may not be here
/// yet; a rejected one for 30 days, doubled with each rejection; a failed run for one day, doubled with each
/// failure, 32 days at most. Merging forgets what was before. Runs of tasks and of other changelings do not
/// count. Sorted by what was tried last, at most 30.
std::vector<RestingTarget> resting_targets(const store::RunHistory& runs, const std::string& changeling,
                                           const PullRequestFates& fates, Timestamp now);

}  // namespace changeling::run
