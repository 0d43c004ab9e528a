#include "view/review.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

Json place_or_null(const std::optional<project::FilePlace>& place) {
  if (!place) return nullptr;
  return {{"file", place->file}, {"line", json_or_null(place->line)}};
}

Json to_json(const store::ReviewReply& reply) {
  return {{"author", reply.author}, {"written_at", format_timestamp(reply.written_at)}, {"text", reply.text}};
}

}  // namespace

Json to_json(const store::ReviewRecord& review) {
  Json threads = Json::array();
  for (std::size_t index = 0; index < review.comments.size(); ++index)
    threads.push_back(store::thread_id(review.id, index));
  return {{"id", review.id},
          {"pull_request", review.request},
          {"author", review.author},
          {"written_at", format_timestamp(review.written_at)},
          {"verdict", store::to_string(review.verdict)},
          {"text", review.text},
          {"head", review.head},
          {"threads", std::move(threads)}};
}

Json to_json(const project::ReviewThread& thread) {
  const store::ReviewComment& comment = thread.comment;
  Json replies = Json::array();
  for (const store::ReviewReply& reply : comment.replies) replies.push_back(to_json(reply));
  return {{"id", thread.id},
          {"author", thread.author},
          {"written_at", format_timestamp(thread.written_at)},
          {"head", thread.head},
          {"file", comment.file},
          {"line", json_or_null(comment.line)},
          {"side", store::to_string(comment.side)},
          {"text", comment.text},
          {"replies", std::move(replies)},
          {"now", place_or_null(thread.now)},
          {"resolved_by", thread.is_resolved() ? Json(comment.resolved_by) : Json(nullptr)},
          {"resolved_at", json_or_null(comment.resolved_at)}};
}

Json to_json(const project::RequestReviews& reviews) {
  Json json{{"reviews", Json::array()}, {"threads", Json::array()}};
  for (const store::ReviewRecord& review : reviews.reviews) json["reviews"].push_back(view::to_json(review));
  for (const project::ReviewThread& thread : reviews.threads) json["threads"].push_back(to_json(thread));
  add_review_state(json, reviews.state);
  return json;
}

void add_review_state(Json& request, const project::ReviewState& state) {
  request["open_threads"] = state.open_threads;
  request["changes_requested"] = state.changes_requested;
}

}  // namespace changeling::view
