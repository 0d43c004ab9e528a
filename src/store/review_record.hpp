#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

enum class ReviewVerdict { Comment, ChangesRequested };
/// Which version of a file a line is counted in.
enum class DiffSide { New, Old };

std::string_view to_string(ReviewVerdict verdict);
std::string_view to_string(DiffSide side);
/// Each throws Error(Invalid) naming the allowed words.
ReviewVerdict parse_verdict(std::string_view word);
DiffSide parse_side(std::string_view word);

inline constexpr std::size_t most_review_comments = 200;
inline constexpr std::size_t most_review_text = std::size_t{64} << 10U;
/// Of all texts of a review together.
inline constexpr std::size_t most_review_texts = std::size_t{256} << 10U;

/// Somebody's answer below a comment.
struct ReviewReply {
  std::string author;  ///< "Name <email>".
  Timestamp written_at{};
  std::string text;
};

/// A comment on a file, with what was answered: a thread. Its id is thread_id().
struct ReviewComment {
  std::string file;
  std::optional<std::int64_t> line;  ///< Counted from 1; nothing: the whole file is meant.
  DiffSide side = DiffSide::New;
  std::string text;
  std::vector<ReviewReply> replies;
  std::string resolved_by;  ///< Empty as long as it is open.
  std::optional<Timestamp> resolved_at;
};

/// What one person has said of a pull request of the `local` forge at one time. Lies at review_path().
struct ReviewRecord {
  std::string id;
  std::int64_t request = 0;
  std::string author;  ///< "Name <email>".
  Timestamp written_at{};
  ReviewVerdict verdict = ReviewVerdict::Comment;
  std::string text;
  std::string head;  ///< The commit that was looked at,
  std::string base;  ///< and the one that it was compared with.
  std::vector<ReviewComment> comments;
};

/// A review and the place of a comment in it.
struct ThreadPlace {
  std::string review;
  std::size_t index = 0;
};

/// "bcdf2345-1": the comments of a review are counted from 1.
std::string thread_id(std::string_view review, std::size_t index);
std::optional<ThreadPlace> parse_thread_id(std::string_view id);

nlohmann::json to_json(const ReviewRecord& review);
/// Throws Error(Invalid) naming `source` and what is wrong.
ReviewRecord review_from_json(const nlohmann::json& object, std::string_view source);

inline constexpr std::string_view reviews_folder = "reviews";
std::string review_path(std::int64_t request, std::string_view id);

/// Whose review lies at a path.
struct ReviewPlace {
  std::int64_t request = 0;
  std::string id;
};
/// Nothing when it cannot be one.
std::optional<ReviewPlace> review_at(std::string_view path);

/// Of one pull request, oldest first. Those that cannot be read are noted in `damaged`, if it is given.
std::vector<ReviewRecord> read_reviews(const Snapshot& snapshot, std::int64_t request,
                                       DamagedRecords* damaged = nullptr);
/// Nothing when there is none. Throws Error(Invalid) when it is damaged.
std::optional<ReviewRecord> read_review(const Snapshot& snapshot, std::int64_t request, std::string_view id);
void write_review(Change& change, const ReviewRecord& review);
/// The record as it is written.
std::string review_text(const ReviewRecord& review);

}  // namespace changeling::store
