#include "secrets/private_key.hpp"

#include <algorithm>

namespace changeling {
namespace {

constexpr std::size_t dashes_of_line = 5;
constexpr std::string_view kind = "PRIVATE KEY";
/// Room for the kind of key, such as "OPENSSH PRIVATE KEY BLOCK", and the dashes behind it.
constexpr std::size_t longest_label = 64;
constexpr std::size_t longest_key = 16 * 1024;

}  // namespace

bool PrivateKeyFinder::completes_line(char sign, std::string_view word) {
  const std::size_t dashes_before = dashes_;
  dashes_ = sign == '-' ? dashes_ + 1 : 0;
  if (in_label_) {
    label_ += sign;
    const bool closed = dashes_ >= dashes_of_line;
    if (!closed && label_.size() < longest_label) return false;
    in_label_ = false;
    return closed && label_.find(kind) != std::string::npos;
  }
  const bool goes_on = sign == word[word_] && (word_ > 0 || dashes_before >= dashes_of_line);
  word_ = goes_on ? word_ + 1 : 0;
  if (word_ == word.size()) {
    word_ = 0;
    in_label_ = true;
    label_.clear();
  }
  return false;
}

std::optional<Span> PrivateKeyFinder::take(char sign, std::size_t position) {
  last_ = position;
  if (!in_key_) {
    constexpr std::string_view word = "BEGIN ";
    const std::size_t before = word_;
    const bool complete = completes_line(sign, word);
    if (before == 0 && word_ == 1) begin_ = position - dashes_of_line;
    if (!complete) return std::nullopt;
    in_key_ = true;
  } else if (completes_line(sign, "END ") || position - begin_ >= longest_key) {
    in_key_ = false;
    in_label_ = false;
    word_ = 0;
  }
  return Span{begin_, position + 1};
}

std::size_t PrivateKeyFinder::held_from() const {
  if (in_key_) return no_place;
  if (in_label_ || word_ > 0) return begin_;
  return dashes_ > 0 ? last_ + 1 - std::min(dashes_, dashes_of_line) : no_place;
}

}  // namespace changeling
