#include "support/marked_text.hpp"

#include <fmt/format.h>

#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling {

std::string plain_text(std::string_view text) {
  std::string kept;
  for (const char letter : without_invisible_characters(text)) {
    const auto code = static_cast<unsigned char>(letter);
    if ((code >= ' ' && code != 0x7F) || letter == '\n' || letter == '\t') kept += letter;
  }
  return kept;
}

std::string plain_line(std::string_view text, std::size_t most) {
  return shortened(plain_text(text), most);
}

std::string new_mark(std::string_view kind, std::string_view data) {
  constexpr std::size_t length = 20;
  for (;;) {
    std::string mark = fmt::format("{}-{}", kind, random_id(length));
    if (data.find(mark) == std::string_view::npos) return mark;
  }
}

std::string between_marks(std::string_view mark, std::string_view data) {
  return fmt::format("----- {} begins -----\n{}----- {} ends -----\n", mark, data, mark);
}

}  // namespace changeling
