#pragma once

#include <cstddef>
#include <optional>

#include "git/repository.hpp"
#include "store/records.hpp"

namespace changeling::forge {

/// What a pull request of the local forge proposes to merge: for everything that shows or merges it.
struct RequestHead {
  enum class Kind {
    Proposed,     ///< What the changeling proposed.
    WithCommits,  ///< That, with commits that people put on top of it in its branch.
    Rewritten,    ///< The branch does not contain it any more; `commit` is what was proposed.
    Missing,      ///< The commit is not in this repository.
  };
  Kind kind = Kind::Missing;
  std::optional<git::ObjectId> commit;
};

RequestHead request_head(const git::Repository& repository, const store::PullRequestRecord& pull);

}  // namespace changeling::forge
