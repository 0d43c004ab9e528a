#include "cli/review_text.hpp"

#include <fmt/format.h>

#include "cli/text_block.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::int64_t lines_shown_around = 1;

std::string name_of(const std::string& author) {
  return without_controls(author.substr(0, author.find(" <")));
}

std::string heading(const store::ReviewRecord& review, bool color) {
  const bool asks = review.verdict == store::ReviewVerdict::ChangesRequested;
  return fmt::format("{} {} ({}, {})\n", styled(name_of(review.author), Style::Bold, color),
                     asks ? styled("asks for changes", Style::Red, color) : "comments",
                     format_timestamp(review.written_at), without_controls(review.head.substr(0, 10)));
}

/// "code.txt:12", or where that was.
std::string place_of(const project::ReviewThread& thread) {
  const store::ReviewComment& comment = thread.comment;
  const auto shown = [](const std::string& file, const std::optional<std::int64_t>& line) {
    return without_controls(file) + (line ? fmt::format(":{}", *line) : "");
  };
  const std::string side = comment.side == store::DiffSide::Old ? " before the change" : "";
  if (thread.now) return shown(thread.now->file, thread.now->line) + side;
  if (!comment.line) return shown(comment.file, {}) + side + ", of an earlier version";
  return fmt::format("{}, line {} of an earlier version{}", without_controls(comment.file), *comment.line,
                     side);
}

std::string code_of(Context& context, const project::ReviewThread& thread,
                    const std::optional<project::ComparedCommits>& compared) {
  std::string text;
  for (const auto& [number, line] :
       project::lines_around(context.repository(), thread, compared, lines_shown_around)) {
    const std::string shown = fmt::format("  {:>6} | {}", number, without_controls(line));
    text += truncated(shown, static_cast<std::size_t>(context.terminal().width)) + "\n";
  }
  return text;
}

std::string thread_text(Context& context, const project::ReviewThread& thread,
                        const std::optional<project::ComparedCommits>& compared) {
  const bool color = context.terminal().color;
  std::string text = fmt::format(
      "{}  {}  {}{}\n", styled(place_of(thread), Style::Cyan, color), thread.id, name_of(thread.author),
      thread.is_resolved()
          ? styled(", resolved by " + name_of(thread.comment.resolved_by), Style::Green, color)
          : "");
  if (thread.is_resolved()) return text;
  text += code_of(context, thread, compared) + text_block(thread.comment.text);
  for (const store::ReviewReply& reply : thread.comment.replies)
    text += fmt::format("  {} answers:\n{}", name_of(reply.author), text_block(reply.text));
  return text;
}

}  // namespace

std::string reviews_text(Context& context, const project::RequestReviews& reviews,
                         const std::optional<project::ComparedCommits>& compared) {
  std::string text;
  for (const store::ReviewRecord& review : reviews.reviews) {
    // Of a review that is comments alone they tell everything.
    const bool tells = !trim(review.text).empty() || review.comments.empty() ||
                       review.verdict == store::ReviewVerdict::ChangesRequested;
    if (tells) text += heading(review, context.terminal().color) + text_block(review.text) + "\n";
  }
  for (const project::ReviewThread& thread : reviews.threads)
    text += thread_text(context, thread, compared) + "\n";
  return text;
}

std::string request_state(const forge::PullRequest& pull) {
  return pull.draft && pull.state == "open" ? "draft" : pull.state;
}

Style request_style(const forge::PullRequest& pull) {
  return pull.state == "open" ? Style::Green : pull.state == "merged" ? Style::Magenta : Style::Red;
}

std::string review_state_text(const project::ReviewState& state) {
  std::vector<std::string> parts;
  if (state.changes_requested) parts.emplace_back("changes requested");
  if (state.open_threads > 0)
    parts.push_back(fmt::format("{} open thread{}", state.open_threads, state.open_threads == 1 ? "" : "s"));
  return join(parts, ", ");
}

}  // namespace changeling::cli
