#include "cli/body_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "support/text.hpp"

namespace changeling::cli {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

constexpr std::array<Word, 9> shown_as{{{"<details>", ""},
                                        {"</details>", ""},
                                        {"<summary>", ""},
                                        {"</summary>", ""},
                                        {"<code>", "`"},
                                        {"</code>", "`"},
                                        {"&lt;", "<"},
                                        {"&gt;", ">"},
                                        {"&amp;", "&"}}};

/// The length of the fence that the line begins with (CommonMark, 4.5); 0 without one.
std::size_t fence_of(std::string_view line) {
  const std::size_t letter = line.find_first_not_of(' ');
  if (letter > 3 || letter == std::string_view::npos || (line[letter] != '`' && line[letter] != '~'))
    return 0;
  const std::size_t end = std::min(line.find_first_not_of(line[letter], letter), line.size());
  return end - letter < 3 ? 0 : end - letter;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
}

class BodyReader {
 public:
  explicit BodyReader(std::string_view body) : rest_(body) {}

  std::string read() {
    while (!rest_.empty()) {
      const bool is_done =
          (begins_line_ && take_code_block()) || take_comment() || take_word() || take_code();
      if (!is_done) take_letter();
    }
    return std::string(trim(text_)) + "\n";
  }

 private:
  /// As it is, up to `size`.
  void copy(std::size_t size) {
    text_ += rest_.substr(0, size);
    begins_line_ = text_.ends_with('\n');
    rest_.remove_prefix(size);
  }

  bool take_code_block() {
    const std::string_view opening = first_line(rest_);
    const std::size_t fence = fence_of(opening);
    if (fence == 0) return false;
    const char letter = opening[opening.find_first_not_of(' ')];
    std::size_t size = opening.size();
    while (size < rest_.size()) {
      const std::string_view line = first_line(rest_.substr(size));
      size += line.size();
      const std::string_view closing = trim(line);
      const bool is_bare = closing.find_first_not_of(letter) == std::string_view::npos;
      if (is_bare && closing.size() >= fence) break;
    }
    copy(size);
    return true;
  }

  bool take_comment() {
    if (!rest_.starts_with("<!--")) return false;
    const auto end = rest_.find("-->");
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 3);
    return true;
  }

  bool take_word() {
    for (const auto& [word, shown] : shown_as) {
      if (!rest_.starts_with(word)) continue;
      text_ += shown;
      rest_.remove_prefix(word.size());
      begins_line_ = false;
      return true;
    }
    return false;
  }

  /// Code ends with as many backticks as it begins with, in the same line as everything of ours does.
  bool take_code() {
    const std::string_view line = first_line(rest_);
    const std::size_t ticks = std::min(line.find_first_not_of('`'), line.size());
    if (ticks == 0) return false;
    for (std::size_t at = line.find('`', ticks); at != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_not_of('`', at), line.size());
      if (end - at == ticks) {
        copy(end);
        return true;
      }
      at = line.find('`', end);
    }
    copy(ticks);
    return true;
  }

  /// Where comments and tags were, no more than one empty line stays.
  void take_letter() {
    if (rest_.front() == '\n' && text_.ends_with("\n\n")) {
      rest_.remove_prefix(1);
      return;
    }
    copy(1);
  }

  std::string_view rest_;
  std::string text_;
  bool begins_line_ = true;
};

}  // namespace

std::string readable_body(std::string_view body) {
  return BodyReader(body).read();
}

}  // namespace changeling::cli
