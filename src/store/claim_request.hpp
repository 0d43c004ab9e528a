#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "git/new_commit.hpp"
#include "git/object_id.hpp"
#include "queue/rules.hpp"
#include "queue/task.hpp"

namespace changeling::store {

/// What one claim wants, as it may be handed to another process.
struct ClaimRequest {
  queue::ClaimTerms terms;
  queue::ClaimFilter filter;
  std::string id;         ///< Of the one task that is wanted; empty: the best that the filter lets through.
  std::size_t count = 1;  ///< At most so many.
  git::Identity author;   ///< Who is to be the author of the commit. Only for others.
};

/// What one look at the candidates came to.
struct ClaimFindings {
  struct Entry {
    queue::Task before;
    queue::Task after;
    std::string text;  ///< The record of `after`.
  };
  std::vector<Entry> changed;  ///< Tasks that are claimed or go to blocked, in the order of looking.
  std::vector<queue::Task> claimed;
  bool contradicted = false;  ///< A candidate's record says that it is none.
  std::string reason;         ///< Why the last candidate was none.
};

/// What another process has claimed for us, by which commit.
struct ClaimAnswer {
  git::ObjectId commit;
  ClaimFindings findings;
};

/// Whether it can be one: it gives what was asked for, to who asked, at the time of the request.
bool is_answer_to(const ClaimAnswer& answer, const ClaimRequest& request);

std::string to_text(const ClaimRequest& request);
std::string to_text(const ClaimAnswer& answer);
/// Both throw Error(Invalid), or what the JSON library throws, for a text that is none.
ClaimRequest parse_claim_request(std::string_view text);
ClaimAnswer parse_claim_answer(std::string_view text);

}  // namespace changeling::store
