#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/context.hpp"

namespace changeling::cli {

/// Whether somebody is there to be asked: a terminal to read from and one to ask on, and no --json.
bool can_ask(const Context& context);
/// A line of standard input without its end; nothing at the end of the input, or once this process is to end.
std::optional<std::string> read_typed_line();
/// Asks "QUESTION [y/N]" on standard error. Only "y" and "yes" agree; the end of the input does not.
bool confirmed(std::string_view question);

/// Asks before something that cannot be undone, or not easily; with `yes`, of --yes, it is agreed already.
/// Where nobody can be asked, throws Error(Refused) with `command`, the whole command with --yes, as the way
/// out. False when the person does not agree.
bool agreed(const Context& context, bool yes, const std::string& what_happens, const std::string& command);

}  // namespace changeling::cli
