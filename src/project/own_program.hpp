#pragma once

#include <filesystem>
#include <string>

#include "project/project.hpp"
#include "support/process.hpp"

namespace changeling::project {

/// git-changeling itself, whichever of our programs asks. An update may have replaced its file since; then it
/// is a path that still leads to what runs.
std::filesystem::path main_program();
/// A program of ours that git-changeling starts, such as "git-changeling-serve": beside this one, or in
/// ../libexec/git-changeling. Throws Error(NotFound) that says where it was looked for.
std::filesystem::path helper_program(const std::string& name);

/// Puts an order on the command's standard input, and with it the tokens that no environment holds; for
/// programs that call read_order().
void give_order(Command& command, const Json& order);

/// This program again, in the same repository and with the same global options, with a command that is for
/// programs (`word` begins with "__") and its order on standard input. Work in another process begins so,
/// never by a fork alone: a fork copies no threads, and with them lost the alerts that were to be given.
Command own_program(Project& project, const std::string& word, const Json& order);

/// What stands on standard input, for such a command.
Json read_order();

}  // namespace changeling::project
