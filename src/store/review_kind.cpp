#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/review_record.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

std::optional<std::string> id_at(std::string_view path) {
  auto place = review_at(path);
  return place ? std::optional(std::move(place->id)) : std::nullopt;
}

ReviewRecord parse(const std::string& text, std::string_view path) {
  return review_from_json(parse_json(text, path), path);
}

void check(const std::string& text, std::string_view path) {
  parse(text, path);
}

auto order(const ReviewReply& reply) {
  return std::tie(reply.written_at, reply.author, reply.text);
}

/// What was answered on either side.
void add_replies(std::vector<ReviewReply>& replies, const std::vector<ReviewReply>& others) {
  for (const ReviewReply& other : others) {
    const bool known = std::any_of(replies.begin(), replies.end(),
                                   [&](const ReviewReply& reply) { return order(reply) == order(other); });
    if (!known) replies.push_back(other);
  }
  std::sort(replies.begin(), replies.end(),
            [](const ReviewReply& one, const ReviewReply& two) { return order(one) < order(two); });
}

/// A thread is resolved when either side has resolved it; who did it first has done it.
void add_thread(ReviewComment& comment, const ReviewComment& other) {
  add_replies(comment.replies, other.replies);
  if (!other.resolved_at || (comment.resolved_at && *comment.resolved_at <= *other.resolved_at)) return;
  comment.resolved_at = other.resolved_at;
  comment.resolved_by = other.resolved_by;
}

/// What a review says is never changed; only what is added to its threads differs.
std::string merge(const RecordVersions& versions, std::string_view path) {
  ReviewRecord review = parse(*versions.published, path);
  const ReviewRecord mine = parse(*versions.ours, path);
  const std::size_t common = std::min(review.comments.size(), mine.comments.size());
  for (std::size_t index = 0; index < common; ++index)
    add_thread(review.comments[index], mine.comments[index]);
  return review_text(review);
}

}  // namespace

const RecordKind review_kind{
    .folder = reviews_folder,
    .spread = Spread::Folders,
    .layout = "reviews/NUMBER/ID.json",
    .name = "a review",
    .sentence = "What somebody has said of a pull request of the `local` forge, with the comments on lines",
    .id_at = id_at,
    .check = check,
    .merge = merge};

}  // namespace changeling::store
