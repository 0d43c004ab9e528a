#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/repository.hpp"
#include "store/review_record.hpp"

// What people have said of a pull request of the `local` forge, and where it belongs today.
namespace changeling::project {

/// Where the branch of a request left its base, and its head; see RequestChanges.
using ComparedCommits = std::pair<git::ObjectId, git::ObjectId>;

/// A line of a file, or without one the whole file.
struct FilePlace {
  std::string file;
  std::optional<std::int64_t> line;
};

/// A comment on a file, and what came of it.
struct ReviewThread {
  std::string id;
  std::string author;  ///< "Name <email>".
  Timestamp written_at{};
  std::string head;  ///< The commit that was looked at,
  std::string base;  ///< and the one that it was compared with.
  store::ReviewComment comment;
  /// Where that is today, in the head or, of the old side, in the base; nothing when the line was changed or
  /// removed since, and when the commits are not here.
  std::optional<FilePlace> now;

  bool is_resolved() const { return comment.resolved_at.has_value(); }
};

/// The threads of these reviews in their order, placed in `compared`, if that is known.
std::vector<ReviewThread> review_threads(const git::Repository& repository,
                                         const std::vector<store::ReviewRecord>& reviews,
                                         const std::optional<ComparedCommits>& compared);

struct NumberedLine {
  std::int64_t number = 0;
  std::string text;  ///< May be anything but has no line end.
};

/// The line of a thread with up to `around` lines before and after it: as they are today, or else as they
/// were when it was written. Empty for a whole file, and when the commits are not here.
std::vector<NumberedLine> lines_around(const git::Repository& repository, const ReviewThread& thread,
                                       const std::optional<ComparedCommits>& compared, std::int64_t around);

/// Whether a review was written after the changeling has proposed `head` the last time, so that no run can
/// have taken it up.
bool is_news(const git::Repository& repository, const store::ReviewRecord& review, const std::string& head);

/// What somebody who looks at a list wants to know of a request.
struct ReviewState {
  std::size_t open_threads = 0;
  bool changes_requested = false;  ///< Since the changeling has proposed its head.
};
ReviewState review_state(const git::Repository& repository, const std::vector<store::ReviewRecord>& reviews,
                         const std::string& head);

}  // namespace changeling::project
