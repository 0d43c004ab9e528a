#include "support/word_list.hpp"

#include <fmt/format.h>

#include "support/text.hpp"

namespace changeling {

Error not_allowed(ErrorKind kind, std::string_view what, std::string_view word,
                  const std::vector<std::string>& allowed) {
  const auto near = nearest(word, allowed);
  return {kind,
          fmt::format("{}{}\"{}\" is not allowed; allowed are {}", what, what.empty() ? "" : ": ",
                      shortened(word), join(allowed, ", ")),
          near ? fmt::format("did you mean \"{}\"?", *near) : ""};
}

}  // namespace changeling
