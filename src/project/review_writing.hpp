#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "project/project.hpp"
#include "store/review_record.hpp"

// How people say something of a pull request of the `local` forge, for everybody who lets them.
namespace changeling::project {

/// What somebody wants to say.
struct ReviewDraft {
  store::ReviewVerdict verdict = store::ReviewVerdict::Comment;
  std::string text;
  std::vector<store::ReviewComment> comments;
  std::string head;  ///< The commit that was looked at; "" is today's.
};

/// Writes the review and announces it. Throws Error(Refused) for a request of a forge elsewhere, with its
/// address, and for one that is not open; Error(Usage) for a review that says nothing or is too long;
/// Error(NotFound) for a file or line that is not there, with the nearest; Error(Conflict) for a head that
/// does not lead to today's; Error(Unavailable) when the commits are not here.
store::ReviewRecord add_review(Project& project, std::int64_t number, const ReviewDraft& draft);

/// Marks a thread as settled; one that is stays as it is. Throws Error(NotFound) when there is none of this
/// id, with those there are.
store::ReviewRecord resolve_thread(Project& project, std::int64_t number, const std::string& thread);

}  // namespace changeling::project
