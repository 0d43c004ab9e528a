#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace changeling {

/// Ways in which a text may be written. Each is read back to the letters that words are looked for in.
enum class Writing {
  Plain,
  Percent,    ///< %2F, and + as it is.
  Backslash,  ///< Inside a string of JSON, C or a shell: \n \" \\ \/ \u002f \x2f.
  Base64,     ///< Both alphabets, as one; broken into lines or not.
  Hex,        ///< Digits alone, in lower case; with spaces, colons or \x between them or not.
};

/// Takes a text sign by sign and gives back letters, each with the place in the text that it stands at.
class LetterReader {
 public:
  struct Letter {
    unsigned char value;
    std::size_t begin;  ///< Of the first sign that it was written with.
  };
  /// `letters[0 .. count)`, and whether a word cannot go on across what was taken.
  struct Step {
    Letter letters[10];
    std::size_t count = 0;
    bool broken = false;
  };

  explicit LetterReader(Writing writing) : writing_(writing) {}

  /// `position` is that of `sign`, one more than at the call before.
  Step take(char sign, std::size_t position);
  /// Where an escape begins that is not read to its end; `none` without one.
  std::size_t pending() const { return signs_.empty() ? none : begin_; }
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

 private:
  void take_escaped(char sign, std::size_t position, Step& step);
  void take_skipping(char sign, Step& step, std::size_t position);
  void give_up(Step& step);
  bool finish(Step& step);

  Writing writing_;
  std::string signs_;  ///< Of an escape that has begun.
  std::size_t begin_ = 0;
  std::size_t skipped_ = 0;
};

}  // namespace changeling
