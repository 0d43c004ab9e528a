#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "git/foreign_bundle.hpp"
#include "project/services.hpp"
#include "run/pull_request_text.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

// A run in parts: where its agent works nothing may be published, and what it came to is handed over in one
// file to a place that has no agent. The file is a git bundle of two references: the work, and a commit with
// the run's record and what its agent says about the work.

/// What is handed over besides the work itself, whose commit is the record's head.
struct HandOver {
  store::RunRecord record;  ///< Finished.
  WorkText text;
  std::string report;  ///< Markdown; empty unless the run reports.
};

/// Writes the file; its folder is made. Commits that the remote has are not in it. Throws Error(External)
/// with git's words.
void write_hand_over(const project::Services& services, const HandOver& hand_over,
                     const std::filesystem::path& file);

/// A file that was handed over, as somebody may have made it who is not to be believed: its form and its size
/// are checked, nothing of what it says.
class ReceivedHandOver {
 public:
  /// Throws Error(NotFound) without the file, and Error(Invalid) when it does not hold exactly the run, and
  /// at most one piece of work, within the limits.
  ReceivedHandOver(const project::Services& services, const std::filesystem::path& file,
                   const std::string& run_id);

  const HandOver& told() const { return told_; }
  const std::optional<git::ObjectId>& work() const { return work_; }
  /// Brings the work into the repository, each object checked, at this reference. Only with work().
  void take_work(const std::string& reference) const { bundle_->take(*work_, reference); }
  /// Takes over what came with it of git-lfs for the work from `base` to `head`, see take_lfs_objects().
  void take_objects(const project::Services& services, const git::ObjectId& base,
                    const git::ObjectId& head) const;

 private:
  std::unique_ptr<git::ForeignBundle> bundle_;
  std::optional<git::ObjectId> tree_;  ///< Of the commit with the record.
  HandOver told_;
  std::optional<git::ObjectId> work_;
};

}  // namespace changeling::run
