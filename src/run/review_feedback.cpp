#include "run/review_feedback.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::int64_t lines_shown_around = 3;
constexpr std::size_t longest_line = 300;   ///< Of code, in letters.
constexpr std::size_t longest_text = 8000;  ///< Of one person, in letters.
constexpr std::size_t longest_name = 300;
/// Of everything that was said, in bytes.
constexpr std::size_t longest_feedback = std::size_t{96} << 10U;

std::string one_line(const std::string& text, std::size_t most) {
  return first_letters(without_controls(text), most);
}

std::string name_of(const std::string& author) {
  return one_line(author.substr(0, author.find(" <")), longest_name);
}

std::string said(const std::string& text) {
  return std::string(trim(first_letters(text, longest_text))) + "\n";
}

std::string describe(const store::ReviewRecord& review) {
  const bool asks = review.verdict == store::ReviewVerdict::ChangesRequested;
  return fmt::format("{} {}, {}:\n{}\n", name_of(review.author), asks ? "asks for changes" : "comments",
                     format_timestamp(review.written_at),
                     trim(review.text).empty() ? "see the threads below\n" : said(review.text));
}

/// "code.txt, line 12", with what is to be known of the place.
std::string place_of(const project::ReviewThread& thread) {
  const store::ReviewComment& comment = thread.comment;
  std::string place = one_line(thread.now ? thread.now->file : comment.file, longest_name);
  if (comment.line) place += fmt::format(", line {}", thread.now ? *thread.now->line : *comment.line);
  if (comment.side == store::DiffSide::Old) place += " before the change";
  return thread.now ? place : place + " of an earlier version";
}

std::string describe(const project::Services& services, const project::ReviewThread& thread,
                     const project::ComparedCommits& compared) {
  std::string text = fmt::format("Thread {}: {}\n", thread.id, place_of(thread));
  const auto line = thread.now ? thread.now->line : thread.comment.line;
  for (const auto& [number, code] :
       project::lines_around(services.repository, thread, compared, lines_shown_around))
    text += fmt::format("{}{:>6} | {}\n", number == line ? '>' : ' ', number, one_line(code, longest_line));
  text += fmt::format("{} says:\n{}", name_of(thread.author), said(thread.comment.text));
  for (const store::ReviewReply& reply : thread.comment.replies)
    text += fmt::format("{} answers:\n{}", name_of(reply.author), said(reply.text));
  return text + "\n";
}

/// What fits, and how much is left out.
std::string bounded(const std::vector<std::string>& parts) {
  std::string text;
  std::size_t taken = 0;
  for (const std::string& part : parts) {
    if (text.size() + part.size() > longest_feedback) break;
    text += part;
    ++taken;
  }
  if (taken < parts.size()) text += fmt::format("{} more are left out here.\n", parts.size() - taken);
  return text;
}

}  // namespace

std::vector<store::ReviewRecord> new_reviews(const project::Services& services,
                                             const forge::PullRequest& pull) {
  if (services.forge.kind() != "local") return {};
  auto reviews = store::read_reviews(services.store.snapshot(), pull.number);
  std::erase_if(reviews, [&](const store::ReviewRecord& review) {
    return !project::is_news(services.repository, review, pull.head);
  });
  return reviews;
}

std::string review_feedback(const project::Services& services, const forge::PullRequest& pull,
                            const project::ComparedCommits& compared) {
  if (services.forge.kind() != "local") return "";
  const auto reviews = store::read_reviews(services.store.snapshot(), pull.number);
  std::vector<std::string> parts;
  for (const store::ReviewRecord& review : reviews)
    if (project::is_news(services.repository, review, pull.head)) parts.push_back(describe(review));
  for (const project::ReviewThread& thread : project::review_threads(services.repository, reviews, compared))
    if (!thread.is_resolved()) parts.push_back(describe(services, thread, compared));
  return bounded(parts);
}

bool was_answered(const project::Services& services, const std::string& changeling,
                  const std::vector<store::ReviewRecord>& reviews, const std::string& start) {
  if (reviews.empty()) return true;
  store::RunQuery query;
  query.changeling = changeling;
  query.outcome = store::Outcome::NoChanges;
  query.since = reviews.back().written_at;
  const auto runs = services.runs.page(query);
  return std::any_of(runs.begin(), runs.end(),
                     [&](const store::RunRecord& run) { return run.start == start; });
}

}  // namespace changeling::run
