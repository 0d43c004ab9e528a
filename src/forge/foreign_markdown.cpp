#include "forge/foreign_markdown.hpp"

#include <algorithm>
#include <cctype>

#include "forge/markdown.hpp"
#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling::forge {
namespace {

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

std::size_t run_of(std::string_view line, std::size_t at, char letter) {
  const auto end = line.find_first_not_of(letter, at);
  return (end == std::string_view::npos ? line.size() : end) - at;
}

/// Marks of a code block at the start of a line that is indented by three spaces at most, with what follows.
std::string_view fence_line(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(indent);
  if (indent > 3 || line.empty() || (line.front() != '`' && line.front() != '~')) return "";
  const std::size_t marks = run_of(line, 0, line.front());
  const bool is_span = line.front() == '`' && line.find('`', marks) != std::string_view::npos;
  return marks < 3 || is_span ? "" : line;
}

/// What of the line is before the place since the last of the letters.
std::string_view since_last(std::string_view line, std::size_t at, std::string_view letters) {
  const std::string_view before = line.substr(0, at);
  const auto last = before.find_last_of(letters);
  return last == std::string_view::npos ? before : before.substr(last + 1);
}

/// Addresses end at spaces and at what encloses them.
bool is_in_address(std::string_view line, std::size_t at) {
  return since_last(line, at, " \t()<>\"'").find("://") != std::string_view::npos;
}

/// Whether every target of a link, "](…)", ends in the text, and is so plain that no mark is part of it.
bool has_plain_targets(std::string_view text) {
  constexpr std::string_view opening = "](";
  for (auto at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at + 1)) {
    const auto end = text.find_first_of(" \t\"'<(`)", at + opening.size());
    if (end == std::string_view::npos || text[end] != ')') return false;
  }
  return true;
}

/// Whether the mark of code at `at` may be part of something else: escaped, or in an address or a table.
bool is_odd_mark(std::string_view line, std::size_t at) {
  const std::string_view word = since_last(line, at, " \t");
  return word.find('\\') != std::string_view::npos || word.find("://") != std::string_view::npos ||
         to_lower(word).find("www.") != std::string::npos || line.find('|') != std::string_view::npos ||
         !has_plain_targets(line.substr(0, at));
}

/// The length of the `code` at `at`, or 0 where a page might read the line in another way.
std::size_t certain_code(std::string_view line, std::size_t at) {
  if (is_odd_mark(line, at)) return 0;
  const std::size_t width = run_of(line, at, '`');
  for (auto end = line.find('`', at + width); end != std::string_view::npos;) {
    const std::size_t closing = run_of(line, end, '`');
    if (closing == width) return end + closing - at;
    end = line.find('`', end + closing);
  }
  return 0;
}

/// "<https://…>", without anything that could be a mark.
std::size_t plain_address(std::string_view text) {
  if (!text.starts_with("<https://") && !text.starts_with("<http://")) return 0;
  const auto end = text.find_first_of(" \t<>`\"'", 1);
  return end != std::string_view::npos && text[end] == '>' ? end + 1 : 0;
}

bool begins_reference(std::string_view text) {
  return text.starts_with("&#") || text.starts_with("&commat;") || text.starts_with("&num;");
}

bool is_mention(std::string_view line, std::size_t at) {
  return line[at] == '@' && at + 1 < line.size() && is_word_letter(line[at + 1]) &&
         (at == 0 || !is_word_letter(line[at - 1]));
}

/// Goes through the lines of a text.
class Guard {
 public:
  void add(std::string_view line) {
    const std::string_view fence = fence_line(line);
    if (!fence_.empty()) {
      text_ += std::string(ends_fence(fence) ? fence : line) + "\n";
      if (ends_fence(fence)) fence_.clear();
    } else if (!fence.empty()) {
      // Without its indent it is no part of a list, which could end before it does.
      fence_ = fence.substr(0, run_of(fence, 0, fence.front()));
      text_ += std::string(fence) + "\n";
    } else {
      if (trim(line).empty()) is_certain_ = true;
      add_prose(line);
      text_ += "\n";
    }
  }

  std::string take() {
    if (!fence_.empty()) text_ += fence_ + "\n";
    // A page shows one inside of code as it is; whoever looks for ours there would find it.
    return without_comments(text_);
  }

 private:
  bool ends_fence(std::string_view fence) const {
    return fence.size() >= fence_.size() && !fence.empty() && fence.front() == fence_.front() &&
           trim(fence).size() == run_of(fence, 0, fence.front());
  }

  void add_prose(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) at += add_at(line, at);
    if (!has_plain_targets(line)) is_certain_ = false;
  }

  /// Writes what begins there, and tells how much of the line that was.
  std::size_t add_at(std::string_view line, std::size_t at) {
    const std::string_view rest = line.substr(at);
    if (rest.front() == '`') return add_marks(line, at);
    if (const std::size_t address = plain_address(rest); address > 0)
      return add(rest.substr(0, address), address);
    if (rest.front() == '<') return add("&lt;", 1);
    if (begins_reference(rest)) return add("&amp;", 1);
    if (rest.starts_with("![")) return add("", 1);
    if (is_mention(line, at)) return add(is_in_address(line, at) ? "%40" : "@ ", 1);
    return add(rest.substr(0, 1), 1);
  }

  std::size_t add_marks(std::string_view line, std::size_t at) {
    const std::size_t code = is_certain_ ? certain_code(line, at) : 0;
    if (code > 0) return add(line.substr(at, code), code);
    is_certain_ = false;
    const std::size_t marks = run_of(line, at, '`');
    return add(line.substr(at, marks), marks);
  }

  std::size_t add(std::string_view written, std::size_t length) {
    text_ += written;
    return length;
  }

  std::string text_;
  std::string fence_;       ///< The marks of the code block that the line is in, or nothing.
  bool is_certain_ = true;  ///< All marks of code in this paragraph have had their counterpart so far.
};

std::string with_plain_line_ends(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      plain += text[at];
    } else if (at + 1 == text.size() || text[at + 1] != '\n') {
      plain += '\n';  // CommonMark takes it for one, too.
    }
  }
  return plain;
}

}  // namespace

std::string harmless_markdown(std::string_view text) {
  const std::string plain = with_plain_line_ends(without_invisible_characters(text));
  Guard guard;
  for (const std::string& line : split_lines(shown_as_text(plain, LineEnds::Kept))) guard.add(line);
  return std::string(trim(guard.take()));
}

std::string without_mentions(std::string_view line) {
  std::string plain;
  for (std::size_t at = 0; at < line.size(); ++at) plain += is_mention(line, at) ? "@ " : line.substr(at, 1);
  return plain;
}

}  // namespace changeling::forge
