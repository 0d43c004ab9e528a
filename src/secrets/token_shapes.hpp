#pragma once

#include <cstdint>

#include "secrets/span.hpp"

namespace changeling {

/// How sure the shape of a token alone makes that it is one.
enum class Certainty { Likely, Sure };

/// Finds strings in the published shape of tokens (GitHub, Anthropic, OpenAI, AWS, Slack, GitLab, Google,
/// npm, PyPI, Stripe, Hugging Face, DigitalOcean): a beginning that only they have, where a word begins, and
/// enough signs behind it.
class TokenFinder {
 public:
  explicit TokenFinder(Certainty least = Certainty::Likely);

  std::optional<Span> take(char sign, std::size_t position);
  std::size_t held_from() const { return fitting_ != 0 && !found_ ? begin_ : no_place; }

 private:
  void begin_word(std::size_t position);

  std::uint32_t all_ = 0;      ///< A bit for each shape that counts.
  std::uint32_t fitting_ = 0;  ///< Those that the word can still be.
  bool found_ = false;
  bool in_word_ = false;
  std::size_t begin_ = 0;
};

}  // namespace changeling
