// What people say of pull requests.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "project/request_reviews.hpp"
#include "project/review.hpp"
#include "project/review_writing.hpp"
#include "server/api/handlers.hpp"
#include "server/api/pull_requests.hpp"
#include "support/text.hpp"
#include "view/review.hpp"

namespace changeling::server::api {
namespace {

constexpr std::size_t longest_file = 4096;
constexpr std::array<std::string_view, 4> fields_of_comment{"file", "line", "side", "text"};

/// Throws what the check of the fields beside it throws, which knows nothing of those inside.
template <typename Read>
auto read_field(Read read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Refusal(422, ErrorKind::Usage, fmt::format("comments: {}", error.what()), error.hint());
  }
}

void check_fields(const Json& given) {
  for (const auto& [name, value] : given.items()) {
    if (std::find(fields_of_comment.begin(), fields_of_comment.end(), name) == fields_of_comment.end())
      throw Error(ErrorKind::Usage, fmt::format("there is no field '{}'", shortened(name)));
  }
}

store::ReviewComment comment_of(const Json& given) {
  check_fields(given);
  store::ReviewComment comment;
  comment.file = json_string(given, "file").value_or("");
  comment.line = json_integer(given, "line");
  comment.side = store::parse_side(json_string(given, "side").value_or("new"));
  comment.text = json_string(given, "text").value_or("");
  if (comment.file.empty() || comment.file.size() > longest_file)
    throw Error(ErrorKind::Usage, fmt::format("file has 1 to {} bytes", longest_file));
  if (comment.line && *comment.line < 1) throw Error(ErrorKind::Usage, "line is at least 1");
  return comment;
}

project::ReviewDraft draft_of(const Call& call) {
  project::ReviewDraft draft;
  if (call.has("verdict")) draft.verdict = store::parse_verdict(call.given("verdict"));
  draft.text = call.given("text");
  draft.head = call.given("head");
  if (!call.has("comments")) return draft;
  for (const Json& given : call.body.at("comments"))
    draft.comments.push_back(read_field([&] { return comment_of(given); }));
  return draft;
}

}  // namespace

namespace handlers {

Reply list_reviews(Call& call) {
  const forge::PullRequest pull = project::current_request(call.project, number_of_request(call));
  const auto compared = project::changes_of(call.project, pull).commits;
  return {view::to_json(project::reviews_of(call.project, pull, compared))};
}

Reply add_review(Call& call) {
  const auto review = project::add_review(call.project, number_of_request(call), draft_of(call));
  Reply reply{view::to_json(review)};
  reply.status = 201;
  return reply;
}

Reply resolve_thread(Call& call) {
  return {view::to_json(project::resolve_thread(call.project, number_of_request(call), call.at("thread")))};
}

}  // namespace handlers
}  // namespace changeling::server::api
