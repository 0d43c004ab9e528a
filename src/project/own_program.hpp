#pragma once

#include "project/project.hpp"
#include "support/process.hpp"

namespace changeling::project {

/// This program again, in the same repository and with the same global options, with a command that is for
/// programs (`word` begins with "__") and its order on standard input. Work in another process begins so,
/// never by a fork alone: a fork copies no threads, and with them lost the alerts that were to be given.
Command own_program(Project& project, const std::string& word, const Json& order);

/// What stands on standard input, for such a command.
Json read_order();

}  // namespace changeling::project
