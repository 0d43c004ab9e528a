#include "cli/text_block.hpp"

#include "support/text.hpp"

namespace changeling::cli {

std::string text_block(std::string_view text) {
  std::string lines;
  for (const std::string& line : split_lines(text)) lines += line.empty() ? "\n" : "    " + line + "\n";
  return lines;
}

}  // namespace changeling::cli
