#include "support/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "support/characters.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

const std::string replacement = "\uFFFD";

bool is_letter(char letter) {
  return std::isalpha(static_cast<unsigned char>(letter)) != 0;
}

/// Whether a reader sees the character between its neighbours.
bool is_seen(char32_t before, char32_t point, std::string_view rest) {
  constexpr char32_t first_with_variants = 0xA9;
  constexpr std::string_view keycap = "\u20E3";
  if (is_variation_selector(point))
    return (before >= first_with_variants && !is_variation_selector(before)) || rest.starts_with(keycap);
  const bool joins = point == 0x200C || point == 0x200D;
  if (joins && !rest.empty()) return may_be_joined(before, first_character(rest).point);
  return !is_control(point) && !is_invisible(point);
}

/// What the text begins with of it; most text is nothing else.
std::string_view printable_ascii(std::string_view text) {
  const auto end =
      std::find_if_not(text.begin(), text.end(), [](char letter) { return letter >= ' ' && letter <= '~'; });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string written_out(char32_t point) {
  if (point == '\n') return "\\n";
  if (point == '\r') return "\\r";
  if (point == '\t') return "\\t";
  return fmt::format("\\u{{{:x}}}", static_cast<unsigned>(point));
}

std::string written_out(char byte) {
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
}

std::string written_in_json(char32_t point) {
  const auto unit = [](char32_t value) { return fmt::format("\\u{:04x}", static_cast<unsigned>(value)); };
  if (point < 0x10000) return unit(point);
  const char32_t beyond = point - 0x10000;
  return unit(0xD800 + (beyond >> 10U)) + unit(0xDC00 + (beyond & 0x3FFU));
}

/// Whether there is any tag, instruction or declaration: inside one, code is no code.
bool has_raw_html(std::string_view text) {
  for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with("!--") || rest.empty()) continue;
    if (is_letter(rest.front()) || rest.front() == '/' || rest.front() == '!' || rest.front() == '?')
      return true;
  }
  return false;
}

/// Three or more equal marks at the start of a line, indented by three spaces at most; else nothing.
std::string_view fence_of(std::string_view line) {
  const std::size_t indent = line.find_first_not_of(' ');
  if (indent == std::string_view::npos || indent > 3) return "";
  line.remove_prefix(indent);
  if (line.front() != '`' && line.front() != '~') return "";
  const std::string_view fence = line.substr(0, std::min(line.find_first_not_of(line.front()), line.size()));
  if (fence.size() < 3) return "";
  // `code` that spans a line's start.
  if (fence.front() == '`' && line.substr(fence.size()).find('`') != std::string_view::npos) return "";
  return fence;
}

/// Follows the lines of a page and removes comments from those that are not code.
class CommentRemover {
 public:
  explicit CommentRemover(bool trusts_code) : trusts_code_(trusts_code) {}

  void add(std::string_view line) {
    if (!fence_.empty()) {
      result_ += line;
      const std::string_view fence = fence_of(line);
      const bool ends = fence.size() >= fence_.size() && fence.front() == fence_.front() &&
                        trim(line) == std::string(fence.size(), fence.front());
      if (ends) fence_.clear();
      return;
    }
    if (!in_comment_ && trusts_code_ && after_blank_ && !fence_of(line).empty()) {
      fence_ = fence_of(line);
      result_ += line;
      return;
    }
    after_blank_ = trim(line).empty() && !in_comment_;
    add_prose(line);
  }
  std::string take() { return std::move(result_); }

 private:
  void add_prose(std::string_view line) {
    if (!in_comment_ && is_hidden_definition(line)) return;
    for (std::size_t at = 0; at < line.size();) {
      if (in_comment_) {
        const auto end = line.find("-->", at);
        if (end == std::string_view::npos) return;
        in_comment_ = false;
        at = end + 3;
      } else if (line.substr(at).starts_with("<!--")) {
        in_comment_ = true;
        // "<!-->" and "<!--->" are whole comments.
        at += line.substr(at + 4).starts_with(">") ? 2 : line.substr(at + 4).starts_with("->") ? 3 : 4;
      } else if (const std::size_t code = trusts_code_ ? code_span(line, at) : 0; code > 0) {
        result_ += line.substr(at, code);
        at += code;
      } else {
        result_ += line[at++];
      }
    }
  }

  /// The length of `code` that begins at `at` and ends on the same line, or 0.
  static std::size_t code_span(std::string_view line, std::size_t at) {
    if (line[at] != '`' || (at > 0 && (line[at - 1] == '`' || line[at - 1] == '\\'))) return 0;
    const auto width = line.find_first_not_of('`', at) == std::string_view::npos
                           ? line.size() - at
                           : line.find_first_not_of('`', at) - at;
    for (auto end = line.find('`', at + width); end != std::string_view::npos;) {
      const auto past = std::min(line.find_first_not_of('`', end), line.size());
      if (past - end == width) return past - at;
      end = line.find('`', past);
    }
    return 0;
  }

  /// "[//]: # (nobody sees this)".
  static bool is_hidden_definition(std::string_view line) {
    line = trim(line);
    if (!line.starts_with('[')) return false;
    const auto close = line.find("]:");
    if (close == std::string_view::npos) return false;
    const std::string_view target = trim(line.substr(close + 2));
    return target == "#" || target.starts_with("# ") || target.starts_with("<>") || target.starts_with("#(");
  }

  bool trusts_code_;
  bool in_comment_ = false;
  bool after_blank_ = true;
  std::string fence_;
  std::string result_;
};

}  // namespace

std::string without_invisible_characters(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string kept;
  bool after_selector = true;
  for (std::string_view rest = valid; !rest.empty();) {
    const Character character = first_character(rest);
    const bool selects = is_variation_selector(character.point);
    if (!(selects && after_selector) && !is_invisible(character.point)) {
      kept += rest.substr(0, character.length);
      after_selector = selects;
    }
    rest.remove_prefix(character.length);
  }
  return kept;
}

std::string shown_as_text(std::string_view text, LineEnds ends, Escapes escapes) {
  std::string shown;
  shown.reserve(text.size());
  char32_t before = U' ';
  while (!text.empty()) {
    if (const std::string_view plain = printable_ascii(text); !plain.empty()) {
      shown += plain;
      before = static_cast<unsigned char>(plain.back());
      text.remove_prefix(plain.size());
      continue;
    }
    const Character character = first_character(text);
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(character.length, 1));
    const std::string_view rest = text.substr(bytes.size());
    const char32_t previous = std::exchange(before, U' ');
    const bool is_space = character.point == '\n' || character.point == '\t' || character.point == '\r';
    if (character.length == 0) {
      shown += escapes == Escapes::OfJson ? replacement : written_out(text.front());
    } else if (is_space && ends != LineEnds::Written) {
      shown += ends == LineEnds::Spaces || character.point == '\r' ? " " : bytes;
    } else if (is_seen(previous, character.point, rest)) {
      shown += bytes;
      before = character.point;
    } else {
      shown += escapes == Escapes::OfJson ? written_in_json(character.point) : written_out(character.point);
    }
    text = rest;
  }
  return shown;
}

std::string visible_markdown(std::string_view text) {
  const std::string visible = without_invisible_characters(text);
  CommentRemover remover(!has_raw_html(visible));
  for (std::size_t start = 0; start < visible.size();) {
    const auto end = visible.find('\n', start);
    const std::size_t past = end == std::string::npos ? visible.size() : end + 1;
    remover.add(std::string_view(visible).substr(start, past - start));
    start = past;
  }
  return remover.take();
}

}  // namespace changeling
