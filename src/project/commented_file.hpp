#pragma once

#include <vector>

#include "git/repository.hpp"
#include "project/review_threads.hpp"
#include "store/review_record.hpp"

namespace changeling::project {

/// The files of a request that comments are written on.
class CommentedFiles {
 public:
  CommentedFiles(const git::Repository& repository, const ComparedCommits& compared);

  /// Throws Error(NotFound) unless the file and the line of the comment are in the request's head or, of the
  /// old side, in what it is compared with, and Error(Invalid) for a line of what has none. A file that has
  /// another name on the old side is found under both, and gets the one that it has there.
  void check(store::ReviewComment& comment) const;

 private:
  Error missing_file(const store::ReviewComment& comment) const;

  const git::Repository& repository_;
  git::ObjectId new_tree_;
  git::ObjectId old_tree_;
  std::vector<git::FileChange> changes_;
};

}  // namespace changeling::project
