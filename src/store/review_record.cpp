#include "store/review_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "store/record_kinds.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/reading_limits.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view suffix = ".json";

std::optional<std::int64_t> positive_number(std::string_view word) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_plain = problem == std::errc() && end == word.data() + word.size() && !word.starts_with('0');
  return is_plain && number > 0 && number <= most_number ? std::optional(number) : std::nullopt;
}

/// What random_id() gives, and nothing that means something in a path or at a terminal.
bool is_review_id(std::string_view id) {
  constexpr std::size_t longest = 64;
  return !id.empty() && id.size() <= longest &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
}

const Json& list_in(const Json& object, const char* key) {
  static const Json none = Json::array();
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return none;
  if (!found->is_array()) throw Error(ErrorKind::Invalid, fmt::format("{} is no list", key));
  return *found;
}

void require_object(const Json& object, std::string_view what) {
  if (!object.is_object()) throw Error(ErrorKind::Invalid, fmt::format("{} is no JSON object", what));
}

Timestamp time_in(const Json& object, std::string_view key) {
  const auto time = json_timestamp(object, key);
  if (!time) throw Error(ErrorKind::Invalid, fmt::format("{} must be there", key));
  return *time;
}

ReviewReply read_reply(const Json& object) {
  require_object(object, "a reply");
  return {json_string(object, "author").value_or(""), time_in(object, "written_at"),
          json_string(object, "text").value_or("")};
}

ReviewComment read_comment(const Json& object) {
  require_object(object, "a comment");
  ReviewComment comment;
  comment.file = json_string(object, "file").value_or("");
  comment.line = json_integer(object, "line");
  if (comment.file.empty()) throw Error(ErrorKind::Invalid, "file of a comment must be there");
  if (comment.line && *comment.line <= 0) throw Error(ErrorKind::Invalid, "line: is less than 1");
  comment.side = parse_side(json_string(object, "side").value_or("new"));
  comment.text = json_string(object, "text").value_or("");
  for (const Json& reply : list_in(object, "replies")) comment.replies.push_back(read_reply(reply));
  comment.resolved_by = json_string(object, "resolved_by").value_or("");
  comment.resolved_at = json_timestamp(object, "resolved_at");
  return comment;
}

ReviewRecord read(const Json& object) {
  require_object(object, "it");
  ReviewRecord review;
  review.id = json_string(object, "id").value_or("");
  review.request = json_integer(object, "request").value_or(0);
  if (!is_review_id(review.id) || review.request <= 0)
    throw Error(ErrorKind::Invalid, "id and request must be there");
  review.author = json_string(object, "author").value_or("");
  review.written_at = time_in(object, "written_at");
  review.verdict = parse_verdict(json_string(object, "verdict").value_or(""));
  review.text = json_string(object, "text").value_or("");
  review.head = json_string(object, "head").value_or("");
  review.base = json_string(object, "base").value_or("");
  for (const Json& comment : list_in(object, "comments")) review.comments.push_back(read_comment(comment));
  if (review.comments.size() > most_review_comments)
    throw Error(ErrorKind::Invalid, fmt::format("it has more than {} comments", most_review_comments));
  return review;
}

Json to_json(const ReviewReply& reply) {
  return {{"author", reply.author}, {"written_at", format_timestamp(reply.written_at)}, {"text", reply.text}};
}

Json to_json(const ReviewComment& comment) {
  Json replies = Json::array();
  for (const ReviewReply& reply : comment.replies) replies.push_back(to_json(reply));
  return {{"file", comment.file},
          {"line", json_or_null(comment.line)},
          {"side", to_string(comment.side)},
          {"text", comment.text},
          {"replies", std::move(replies)},
          {"resolved_by", comment.resolved_by},
          {"resolved_at", json_or_null(comment.resolved_at)}};
}

std::optional<ReviewRecord> load(const Snapshot& snapshot, const std::string& path,
                                 const ReviewPlace& place) {
  const auto text = read_record(snapshot, path);
  if (!text) return std::nullopt;
  ReviewRecord review = review_from_json(parse_json(*text, path), path);
  if (review.id != place.id || review.request != place.request)
    throw Error(ErrorKind::Invalid, fmt::format("{}: is another review than its path says", path));
  return review;
}

std::string folder_of(std::int64_t request) {
  return fmt::format("{}/{}", reviews_folder, request);
}

}  // namespace

std::string_view to_string(ReviewVerdict verdict) {
  return verdict == ReviewVerdict::ChangesRequested ? "changes-requested" : "comment";
}

std::string_view to_string(DiffSide side) {
  return side == DiffSide::Old ? "old" : "new";
}

ReviewVerdict parse_verdict(std::string_view word) {
  for (const auto verdict : {ReviewVerdict::Comment, ReviewVerdict::ChangesRequested}) {
    if (word == to_string(verdict)) return verdict;
  }
  throw Error(ErrorKind::Invalid, fmt::format("verdict: '{}' is not comment or changes-requested", word));
}

DiffSide parse_side(std::string_view word) {
  for (const auto side : {DiffSide::New, DiffSide::Old}) {
    if (word == to_string(side)) return side;
  }
  throw Error(ErrorKind::Invalid, fmt::format("side: '{}' is not new or old", word));
}

std::string thread_id(std::string_view review, std::size_t index) {
  return fmt::format("{}-{}", review, index + 1);
}

std::optional<ThreadPlace> parse_thread_id(std::string_view id) {
  const auto dash = id.rfind('-');
  if (dash == std::string_view::npos || !is_review_id(id.substr(0, dash))) return std::nullopt;
  const auto number = positive_number(id.substr(dash + 1));
  if (!number) return std::nullopt;
  return ThreadPlace{std::string(id.substr(0, dash)), static_cast<std::size_t>(*number) - 1};
}

nlohmann::json to_json(const ReviewRecord& review) {
  Json comments = Json::array();
  for (const ReviewComment& comment : review.comments) comments.push_back(to_json(comment));
  return {{"id", review.id},
          {"request", review.request},
          {"author", review.author},
          {"written_at", format_timestamp(review.written_at)},
          {"verdict", to_string(review.verdict)},
          {"text", review.text},
          {"head", review.head},
          {"base", review.base},
          {"comments", std::move(comments)}};
}

ReviewRecord review_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    return read(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

std::string review_path(std::int64_t request, std::string_view id) {
  return fmt::format("{}/{}{}", folder_of(request), id, suffix);
}

std::optional<ReviewPlace> review_at(std::string_view path) {
  const std::string start = fmt::format("{}/", reviews_folder);
  if (!path.starts_with(start) || !path.ends_with(suffix)) return std::nullopt;
  path.remove_prefix(start.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto request = positive_number(path.substr(0, slash));
  const std::string_view name = path.substr(slash + 1);
  if (!request || name.size() <= suffix.size()) return std::nullopt;
  const std::string_view id = name.substr(0, name.size() - suffix.size());
  return is_review_id(id) ? std::optional(ReviewPlace{*request, std::string(id)}) : std::nullopt;
}

std::vector<ReviewRecord> read_reviews(const Snapshot& snapshot, std::int64_t request,
                                       DamagedRecords* damaged) {
  std::vector<ReviewRecord> reviews;
  for (const std::string& name : snapshot.names(folder_of(request))) {
    const std::string path = fmt::format("{}/{}", folder_of(request), name);
    const auto place = review_at(path);
    if (!place) {
      note_stray(path, review_kind.name, damaged);
      continue;
    }
    read_or_note(path, damaged, [&] { reviews.push_back(load(snapshot, path, *place).value()); });
  }
  std::sort(reviews.begin(), reviews.end(), [](const ReviewRecord& one, const ReviewRecord& two) {
    return std::tie(one.written_at, one.id) < std::tie(two.written_at, two.id);
  });
  return reviews;
}

std::optional<ReviewRecord> read_review(const Snapshot& snapshot, std::int64_t request, std::string_view id) {
  if (!is_review_id(id)) return std::nullopt;
  const std::string path = review_path(request, id);
  std::optional<ReviewRecord> review;
  read_or_explain(snapshot, path, [&] { review = load(snapshot, path, {request, std::string(id)}); });
  return review;
}

void write_review(Change& change, const ReviewRecord& review) {
  change.write(review_path(review.request, review.id), review_text(review));
}

std::string review_text(const ReviewRecord& review) {
  return to_json(review).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace changeling::store
