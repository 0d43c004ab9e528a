#include "secrets/url_credentials.hpp"

#include <string_view>

namespace changeling {
namespace {

constexpr std::string_view mark = "://";
constexpr std::string_view ends = "/?# \t\r\n\"'<>\\";
/// Names, passwords and tokens are shorter.
constexpr std::size_t longest_authority = 1024;

}  // namespace

std::optional<Span> UrlFinder::found_so_far() const {
  if (!in_authority_ || at_ == begin_) return std::nullopt;
  return Span{begin_, at_};
}

std::optional<Span> UrlFinder::take(char sign, std::size_t position) {
  std::optional<Span> found;
  if (in_authority_) {
    const bool ends_here = ends.find(sign) != std::string_view::npos;
    if (ends_here || position - begin_ >= longest_authority) {
      found = found_so_far();
      in_authority_ = false;
    } else if (sign == '@') {
      at_ = position;  // A password may hold an '@' that nobody escaped: the last one counts.
    }
  }
  mark_ = sign == mark[mark_] ? mark_ + 1 : sign == mark[0] ? 1 : 0;
  if (mark_ == mark.size()) {
    mark_ = 0;
    in_authority_ = true;
    begin_ = at_ = position + 1;
  }
  return found;
}

}  // namespace changeling
