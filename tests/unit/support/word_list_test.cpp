#include "support/word_list.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace changeling;

namespace {

enum class Colour { Red, Green };

struct ColourRow {
  Colour colour;
  std::string_view word;
  std::string_view sentence;
};

constexpr std::array colours{ColourRow{Colour::Red, "red", "Stop"}, ColourRow{Colour::Green, "green", "Go"}};
constexpr std::array turned_round{ColourRow{Colour::Green, "green", "Go"},
                                  ColourRow{Colour::Red, "red", "Stop"}};

static_assert(stands_in_order(colours, &ColourRow::colour));
static_assert(!stands_in_order(turned_round, &ColourRow::colour));

}  // namespace

TEST_CASE("a list of words says what it allows") {
  CHECK(words_in_help(colours) == "red|green");
  CHECK(find_word(colours, "green")->colour == Colour::Green);
  CHECK(find_word(colours, "Green") == nullptr);
  CHECK(find_word(colours, "") == nullptr);
}

TEST_CASE("a word that is not allowed is told with the nearest one, if any is near") {
  const Error near = not_allowed(ErrorKind::Usage, "option --colour", "gren", words_of(colours));
  CHECK(std::string(near.what()) == "option --colour: \"gren\" is not allowed; allowed are red, green");
  CHECK(near.hint() == "did you mean \"green\"?");
  CHECK(not_allowed(ErrorKind::Usage, "", "blue", words_of(colours)).hint().empty());
}
