#include "support/page_address.hpp"

#include <algorithm>

namespace changeling {

bool is_page_address(std::string_view text) {
  constexpr std::size_t longest = 2000;
  constexpr std::string_view marks = "<>\"|\\^`{}";
  const bool is_page = text.starts_with("https://") || text.starts_with("http://");
  return is_page && text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char letter) {
           return letter > ' ' && letter < 0x7f && marks.find(letter) == std::string_view::npos;
         });
}

}  // namespace changeling
