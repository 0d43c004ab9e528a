#include "support/visible_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <vector>

#include "support/text.hpp"

namespace changeling {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Unicode's default-ignorable characters, but for the variation selectors of the first plane.
constexpr std::array<Range, 14> invisible{{{0x00AD, 0x00AD},
                                           {0x034F, 0x034F},
                                           {0x061C, 0x061C},
                                           {0x115F, 0x1160},
                                           {0x17B4, 0x17B5},
                                           {0x180B, 0x180F},
                                           {0x200B, 0x200F},
                                           {0x202A, 0x202E},
                                           {0x2060, 0x206F},
                                           {0x3164, 0x3164},
                                           {0xFEFF, 0xFEFF},
                                           {0xFFA0, 0xFFA0},
                                           {0x1D173, 0x1D17A},
                                           {0xE0000, 0xE0FFF}}};
constexpr Range variation_selectors{0xFE00, 0xFE0F};

bool is_in(const Range& range, std::uint32_t character) {
  return range.first <= character && character <= range.last;
}

/// The character that starts at `at` of valid UTF-8, and how many bytes it has.
std::uint32_t character_at(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(at);
  length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  length = std::min(length, text.size() - at);
  std::uint32_t character = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t index = 1; index < length; ++index)
    character = (character << 6U) | (byte(at + index) & 0x3FU);
  return character;
}

bool is_letter(char letter) {
  return std::isalpha(static_cast<unsigned char>(letter)) != 0;
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
  for (std::size_t at = 0, length = 0; at < valid.size(); at += length) {
    const std::uint32_t character = character_at(valid, at, length);
    const bool selects = is_in(variation_selectors, character);
    const bool hidden = (selects && after_selector) ||
                        std::any_of(invisible.begin(), invisible.end(),
                                    [&](const Range& range) { return is_in(range, character); });
    if (hidden) continue;
    kept.append(valid, at, length);
    after_selector = selects;
  }
  return kept;
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
