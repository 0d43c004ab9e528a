#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/environment.hpp"

namespace changeling::project {

/// Work of a run of this clone that had passed its checks when it was about to be published.
struct OwnHead {
  std::string run;
  std::string branch;       ///< Where it was to go.
  std::string head;         ///< Commit.
  std::string start;        ///< Commit that the worktree held at first.
  std::string base_commit;  ///< What the work was based on.
};

/// What this clone itself has made, noted outside the repository where neither agents nor whoever pushes
/// records can write: a line each in heads/REPOSITORY below $XDG_DATA_HOME/git-changeling, readable and
/// writable by the owner only; the newest few thousand are kept. Records and outbox entries are believed only
/// as far as this proves them.
class OwnHeads {
 public:
  /// Of a repository without an id, or without a home folder: nothing is noted and nothing is proven.
  OwnHeads(const Environment& environment, const std::string& repository_id);

  void note(const OwnHead& head) const;
  /// Oldest first; what cannot be read is left out.
  std::vector<OwnHead> all() const;
  /// What a run of this clone was to publish, if it was exactly this commit.
  std::optional<OwnHead> find(const std::string& run, const std::string& head) const;

 private:
  std::filesystem::path file_;  ///< Empty without a place.
};

}  // namespace changeling::project
