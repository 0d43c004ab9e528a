#pragma once

#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace changeling::cli {

/// "git changeling runs list" for the command's app.
std::string invocation(const CLI::App& app);

/// "NUMBER", what the help calls the value of an option or argument.
std::string argument_name(const CLI::Option& option);

/// What --help prints: usage, arguments, options, and the commands below, at most 80 columns wide.
std::string help_text(const CLI::App& app);

}  // namespace changeling::cli
