#include "cli/confirmation.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "cli/output.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::cli {
/// Byte by byte: what follows the line is left for whoever reads next, such as an agent.
std::optional<std::string> read_typed_line() {
  std::string line;
  for (char letter = 0;;) {
    const ssize_t count = ::read(STDIN_FILENO, &letter, 1);
    if (count < 0 && errno == EINTR && !interrupted()) continue;
    if (count <= 0) return line.empty() ? std::nullopt : std::optional(std::move(line));
    if (letter == '\n') return line;
    line += letter;
  }
}

bool can_ask(const Context& context) {
  const Terminal& terminal = context.terminal();
  return terminal.input_is_terminal && terminal.error_is_terminal && !context.options().json;
}

bool confirmed(std::string_view question) {
  ask(fmt::format("{} [y/N] ", question));
  const std::string line = read_typed_line().value_or("");
  const std::string answer = to_lower(trim(line));
  return answer == "y" || answer == "yes";
}

bool agreed(const Context& context, bool yes, const std::string& what_happens, const std::string& command) {
  if (yes) return true;
  if (!can_ask(context)) {
    throw Error(ErrorKind::Refused, fmt::format("{}; nobody is here to be asked", what_happens),
                fmt::format("to do it all the same: {}", command));
  }
  if (confirmed(fmt::format("{}. Go on?", what_happens))) return true;
  context.message("nothing was changed");
  return false;
}

}  // namespace changeling::cli
