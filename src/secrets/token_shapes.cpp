#include "secrets/token_shapes.hpp"

#include <array>
#include <string_view>

namespace changeling {
namespace {

enum class Signs { Word, UpperCase };

struct TokenShape {
  std::string_view prefix;
  std::size_t least;  ///< Signs behind the prefix.
  Signs signs = Signs::Word;
  Certainty certainty = Certainty::Sure;
};

constexpr auto shapes = std::to_array<TokenShape>({
    {"ghp_", 20},
    {"gho_", 20},
    {"ghu_", 20},
    {"ghs_", 20},
    {"ghr_", 20},
    {"github_pat_", 20},
    {"sk-ant-", 16},
    {"sk-proj-", 16},
    {"sk-", 32, Signs::Word, Certainty::Likely},
    {"sk_live_", 20},
    {"rk_live_", 20},
    {"AKIA", 16, Signs::UpperCase},
    {"ASIA", 16, Signs::UpperCase},
    {"xoxa-", 16},
    {"xoxb-", 16},
    {"xoxp-", 16},
    {"xoxr-", 16},
    {"xoxs-", 16},
    {"xapp-", 16},
    {"glpat-", 16},
    {"AIza", 30},
    {"npm_", 36},
    {"pypi-", 50},
    {"hf_", 34},
    {"dop_v1_", 40},
});
static_assert(shapes.size() <= 32);

bool is_upper_or_digit(char sign) {
  return (sign >= 'A' && sign <= 'Z') || (sign >= '0' && sign <= '9');
}

bool is_word_sign(char sign) {
  return is_upper_or_digit(sign) || (sign >= 'a' && sign <= 'z') || sign == '_' || sign == '-';
}

/// Whether a word of this shape may have `sign` at `place`, counted from its beginning. Behind the signs that
/// the shape asks for comes whatever belongs to the word.
bool fits(const TokenShape& shape, std::size_t place, char sign) {
  if (place < shape.prefix.size()) return shape.prefix[place] == sign;
  const bool asked_for = place < shape.prefix.size() + shape.least;
  return !asked_for || shape.signs == Signs::Word || is_upper_or_digit(sign);
}

}  // namespace

TokenFinder::TokenFinder(Certainty least) {
  for (std::size_t index = 0; index < shapes.size(); ++index) {
    if (least == Certainty::Likely || shapes[index].certainty == Certainty::Sure) all_ |= 1U << index;
  }
}

void TokenFinder::begin_word(std::size_t position) {
  in_word_ = true;
  found_ = false;
  fitting_ = all_;
  begin_ = position;
}

std::optional<Span> TokenFinder::take(char sign, std::size_t position) {
  if (!is_word_sign(sign)) {
    in_word_ = false;
    fitting_ = 0;
    return std::nullopt;
  }
  if (!in_word_) begin_word(position);
  if (found_) return Span{begin_, position + 1};
  if (fitting_ == 0) return std::nullopt;
  const std::size_t place = position - begin_;
  for (std::size_t index = 0; index < shapes.size(); ++index) {
    const std::uint32_t bit = 1U << index;
    if ((fitting_ & bit) == 0) continue;
    if (!fits(shapes[index], place, sign)) fitting_ &= ~bit;
    if ((fitting_ & bit) != 0 && place + 1 >= shapes[index].prefix.size() + shapes[index].least)
      found_ = true;
  }
  return found_ ? std::optional(Span{begin_, position + 1}) : std::nullopt;
}

}  // namespace changeling
