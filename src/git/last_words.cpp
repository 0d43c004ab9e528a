#include "git/last_words.hpp"

#include <vector>

#include "support/text.hpp"

namespace changeling::git {

std::string last_words(const ProcessResult& result) {
  std::vector<std::string> lines;
  for (const std::string& line : split_lines(result.error.empty() ? result.output : result.error)) {
    // ssh ends its lines with a carriage return, progress is written over with one in the middle.
    const std::string_view written = trim(line);
    const auto carriage_return = written.rfind('\r');
    const std::string_view text =
        trim(written.substr(carriage_return == std::string_view::npos ? 0 : carriage_return + 1));
    if (text.empty() || text.starts_with("hint:")) continue;
    lines.emplace_back(text);
  }
  if (lines.size() > 4) lines.erase(lines.begin(), lines.end() - 4);
  return lines.empty() ? result.status.describe() : join(lines, "; ");
}

}  // namespace changeling::git
