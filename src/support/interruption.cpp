#include "support/interruption.hpp"

#include <fmt/format.h>

#include "support/error.hpp"

namespace changeling {

void Interruption::check(const std::string& what) const {
  if (requested()) throw Error(ErrorKind::Interrupted, fmt::format("interrupted while {}", what));
}

void check_interruption(const Interruption* interruption, const std::string& what) {
  if (interruption != nullptr) interruption->check(what);
}

}  // namespace changeling
