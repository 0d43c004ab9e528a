#include "forge/body.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "forge/foreign_markdown.hpp"
#include "forge/markdown.hpp"
#include "forge/title.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::size_t body_limit = 60'000;
constexpr std::size_t output_limit = 4'000;
constexpr std::string_view comment_start = "<!--";
constexpr std::string_view comment_end = "-->";
constexpr std::string_view marker_word = "git-changeling:";
constexpr std::string_view begin_comment = "<!-- git-changeling: begin -->";
constexpr std::string_view evidence_comment = "<!-- git-changeling: evidence -->";

/// A comment of ours inside a body.
struct Comment {
  std::size_t start = 0;
  std::size_t end = 0;
  std::string_view content;  ///< Behind the word that makes it ours, trimmed.
};

/// The comments of ours, in their order.
std::vector<Comment> own_comments(std::string_view body) {
  std::vector<Comment> comments;
  for (auto start = body.find(comment_start); start != std::string_view::npos;
       start = body.find(comment_start, start + 1)) {
    const auto close = body.find(comment_end, start + comment_start.size());
    if (close == std::string_view::npos) break;
    const std::string_view inside =
        trim(body.substr(start + comment_start.size(), close - start - comment_start.size()));
    if (!inside.starts_with(marker_word)) continue;
    comments.push_back({start, close + comment_end.size(), trim(inside.substr(marker_word.size()))});
  }
  return comments;
}

std::optional<Marker> parse_marker(std::string_view content) {
  Marker marker;
  std::string word;
  const auto take = [&] {
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      const std::string key = word.substr(0, equals);
      const std::string value = word.substr(equals + 1);
      if (key == "changeling") marker.changeling = value;
      if (key == "run") marker.run = value;
      if (key == "patch") marker.patch_id = value;
      if (key == "title") marker.title = value;
      if (key == "text") marker.text = value;
    }
    word.clear();
  };
  for (const char letter : content) {
    if (letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n') {
      take();
    } else {
      word += letter;
    }
  }
  take();
  if (marker.changeling.empty() || marker.run.empty()) return std::nullopt;
  return marker;
}

std::string marker_comment(const BodyContent& content, std::string_view text) {
  const std::string patch = content.patch_id.empty() ? "" : fmt::format(" patch={}", content.patch_id);
  const std::string title = content.title.empty() ? "" : fmt::format(" title={}", title_mark(content.title));
  return fmt::format("<!-- {} changeling={} run={}{}{} text={} -->", marker_word, content.changeling,
                     content.run, patch, title, text_mark(text));
}

/// The part of a body that is ours: from the comment that begins it to the marker. The text in it is the
/// summary and what merging closes; evidence comes after it.
struct GeneratedPart {
  std::size_t start = 0;
  std::size_t end = 0;
  std::size_t text_start = 0;
  std::size_t text_end = 0;  ///< 0 in bodies of earlier versions.
  Marker marker;
};

std::optional<GeneratedPart> generated_part(std::string_view body) {
  std::optional<GeneratedPart> part;
  bool whole = false;
  for (const Comment& comment : own_comments(body)) {
    if (comment.content == "begin" && !part) part = GeneratedPart{comment.start, 0, comment.end, 0, {}};
    if (!part) continue;
    if (comment.content == "evidence" && part->text_end == 0) part->text_end = comment.start;
    if (const auto marker = parse_marker(comment.content)) {
      part->end = comment.end;
      part->marker = *marker;
      whole = true;
    }
  }
  return whole ? part : std::nullopt;
}

/// What people made of the text in the generated part, or "" when it is as we left it.
std::string_view edited_text(std::string_view body, const GeneratedPart& part) {
  if (part.text_end == 0 || part.marker.text.empty()) return "";
  const std::string_view text = body.substr(part.text_start, part.text_end - part.text_start);
  return text_mark(text) == part.marker.text ? "" : text;
}

std::string escaped_html(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '\n':
        escaped += ' ';
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

std::string verification_section(const BodyContent& content, std::size_t limit) {
  const std::vector<store::VerificationResult>& results = content.verification;
  if (results.empty()) return "### Verification\n\nNo verification commands are configured.\n\n";
  std::string text = "### Verification\n\n";
  if (!content.checked_where.empty()) text += content.checked_where + "\n\n";
  for (const auto& result : results) {
    text += fmt::format("- {} {}, {}\n", result.passed ? "✅" : "❌", inline_code(result.command),
                        result.passed ? fmt::format("passed in {}", describe_duration(result.duration))
                                      : fmt::format("failed with exit code {} after {}", result.exit_code,
                                                    describe_duration(result.duration)));
  }
  text += '\n';
  for (const auto& result : results) {
    const std::string output = valid_utf8(last_part(trim(result.output), limit));
    if (output.empty()) continue;
    text += fmt::format("<details><summary>Output of <code>{}</code></summary>\n\n{}\n</details>\n\n",
                        escaped_html(without_controls(result.command)), code_block(output));
  }
  return text;
}

/// Reviewers should know what the agent could not do: it may have left something out, or gone a longer way.
std::string refused_section(const std::vector<std::string>& refused) {
  if (refused.empty()) return "";
  std::string text = "### Refused\n\nThe agent asked for these and was not allowed to use them:\n\n";
  for (const std::string& tool : refused) text += fmt::format("- {}\n", inline_code(tool));
  return text + "\n";
}

std::string moved_section(const std::vector<std::string>& moved) {
  if (moved.empty()) return "";
  std::string text = "### Moved\n\nThe agent also changed this in the repository that it worked in:\n\n";
  for (const std::string& change : moved) text += fmt::format("- {}\n", inline_code(change));
  return text + "\n";
}

std::string effort_section(const BodyContent& content) {
  std::vector<std::string> parts;
  if (!content.agent.empty()) parts.push_back(fmt::format("agent {}", inline_code(content.agent)));
  if (!content.walls.empty()) parts.push_back(inline_code(content.walls));
  if (content.duration) parts.push_back(describe_duration(*content.duration));
  if (content.turns)
    parts.push_back(fmt::format("{} {}", *content.turns, *content.turns == 1 ? "turn" : "turns"));
  if (content.tokens) {
    parts.push_back(fmt::format("{} tokens in, {} out, {} read from and {} written to the cache",
                                content.tokens->input, content.tokens->output, content.tokens->cache_read,
                                content.tokens->cache_write));
  }
  if (content.cost_usd) parts.push_back(fmt::format("${:.2f}", *content.cost_usd));
  return fmt::format("---\n\nMade by the changeling {}, run {}{}{}.\n\n", inline_code(content.changeling),
                     inline_code(content.run), parts.empty() ? "" : ": ", join(parts, ", "));
}

std::string assemble(const BodyContent& content, std::string_view summary, std::size_t limit_of_output) {
  // GitHub's keyword, https://docs.github.com/issues/tracking-your-work-with-issues.
  const std::string closes = content.closes.empty() ? "" : fmt::format("Closes #{}\n\n", content.closes);
  const std::string text = fmt::format("{}\n\n{}", summary, closes);
  return fmt::format("{}\n{}{}\n{}{}{}{}\n", begin_comment, text, evidence_comment,
                     without_comments(verification_section(content, limit_of_output)),
                     without_comments(refused_section(content.refused) + moved_section(content.moved)),
                     effort_section(content), marker_comment(content, text));
}

}  // namespace

std::string compose_body(const BodyContent& content) {
  const std::string written =
      without_closing_words(harmless_markdown(content.summary), content.closing_words);
  const std::string summary = written.empty() ? "The agent left no summary." : written;
  std::string body;
  for (std::size_t limit = output_limit; limit >= 250; limit /= 2) {
    body = assemble(content, summary, limit);
    if (body.size() <= body_limit) return body;
  }
  body = assemble(content, summary, 0);
  if (body.size() <= body_limit) return body;
  const std::size_t excess = body.size() - body_limit;
  constexpr std::string_view ending = "\n\n… (shortened)";
  // Where it is cut may be inside of a block of code, which is then to end.
  constexpr std::size_t room_for_fence = 64;
  const std::size_t kept = summary.size() - std::min(summary.size(), excess + ending.size() + room_for_fence);
  return assemble(content, harmless_markdown(first_part(summary, kept)) + std::string(ending), 0);
}

std::optional<Marker> read_marker(std::string_view body) {
  const auto comments = own_comments(body);
  for (auto comment = comments.rbegin(); comment != comments.rend(); ++comment) {
    if (auto marker = parse_marker(comment->content)) return marker;
  }
  return std::nullopt;
}

std::string replace_generated_part(std::string_view existing, std::string_view generated) {
  const auto old_part = generated_part(existing);
  if (!old_part) return std::string(generated);
  std::string fresh(trim(generated));
  const auto new_part = generated_part(fresh);
  const std::string_view kept = edited_text(existing, *old_part);
  if (!kept.empty() && new_part && new_part->text_end != 0)
    fresh.replace(new_part->text_start, new_part->text_end - new_part->text_start, kept);
  return fmt::format("{}{}{}", existing.substr(0, old_part->start), fresh, existing.substr(old_part->end));
}

}  // namespace changeling::forge
