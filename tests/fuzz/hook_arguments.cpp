// What git gives a hook: the event's name, its arguments in one line, and standard input.
#include "fuzzing.hpp"
#include "hooks/hook_input.hpp"
#include "support/text.hpp"

void take(std::string_view input) {
  const std::string event(take_part(input, '\n'));
  const auto arguments = changeling::split(take_part(input, '\n'), ' ');
  static_cast<void>(changeling::hooks::has_reference_lines(event));
  static_cast<void>(changeling::hooks::reason_to_ignore(event, arguments, input, "refs/changelings/state"));
}

CHANGELING_FUZZ_TARGET
