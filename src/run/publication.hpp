#pragma once

#include <functional>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "forge/forge.hpp"
#include "project/services.hpp"
#include "run/delivery.hpp"
#include "run/observer.hpp"
#include "run/starting_point.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// A finished, checked piece of work to be proposed.
struct Publication {
  const Definition& definition;
  const StartingPoint& start;
  git::ObjectId head;
  std::string run_branch;
  std::string title;
  std::string body;
  std::string patch_id;
  bool draft = false;
  std::string task = {};        ///< Task that was worked on, or empty,
  std::int64_t task_token = 0;  ///< and the token of its claim.
  std::optional<store::Outcome> outcome =
      {};                      ///< Of the run once the pull request is there, see OutboxEntry.
  std::string held_back = {};  ///< Why it is not to be sent now but left in the outbox; empty: it is.
};

struct Published {
  forge::PullRequest pull_request;
  std::string branch;                     ///< Where the work lies now.
  bool updated = false;                   ///< An open pull request was continued.
  std::optional<store::Outcome> outcome;  ///< See Publication; updated-pr may have become opened-pr.
  std::string not_taken = {};             ///< See Delivered.
};

/// Pushes the branch where there is a remote, then opens or continues the pull request. With the local forge
/// a push that fails is a message. Throws Error when nothing was proposed; the work stays on the run's
/// branch, and in the outbox unless the error is_for_good().
Published publish(const project::Services& services, const Observer& observer, const Publication& publication,
                  const std::string& run_id, const Fence& fence);

/// A report that becomes an issue: its first line is the title.
project::OutboxEntry report_entry(const Definition& definition, const std::string& run_id,
                                  const std::string& report);

/// Why a change need not be proposed.
struct KnownChange {
  std::string sentence;
  std::optional<forge::PullRequest>
      pull_request;  ///< That proposes it already; nothing when people rejected it.
};

/// Whether an open pull request of the changeling holds the same change, or people rejected it. Nothing
/// otherwise.
std::optional<KnownChange> known_change(const project::Services& services, const std::string& changeling,
                                        const std::string& patch_id,
                                        const std::vector<forge::PullRequest>& own_open,
                                        const std::vector<store::RunRecord>& earlier_runs);

}  // namespace changeling::run
