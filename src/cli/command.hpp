#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cli/syntax.hpp"
#include "support/json.hpp"

namespace changeling::cli {

class Context;

/// What a command gives back; main() prints one of the two forms.
struct Answer {
  Json json = nullptr;    ///< For --json; null prints nothing.
  std::string text;       ///< For people, with its final newline; empty prints nothing.
  int exit_code = 0;      ///< 0 done, 1 a negative answer.
  std::string next = {};  ///< What to type next; on standard error, not with --quiet or --json.
};

using Action = std::function<Answer(Context&)>;

/// What must be there before a command begins; asked in one place, so that every command says the same.
enum class Needs {
  State,    ///< A repository after `init`.
  Nothing,  ///< Works before it, or finds out itself what it needs.
};

/// One row of the command table.
struct CommandSpec {
  std::string_view path;         ///< "list", or "runs list" for a command in a group.
  std::string_view summary;      ///< One line without a full stop.
  std::string_view description;  ///< For the man page: paragraphs separated by empty lines.
  /// Adds the command's options to `syntax` and returns what runs once they are parsed.
  Action (*declare)(Syntax& syntax);
  Needs needs = Needs::State;
};

/// A word that only holds commands, such as "runs".
struct GroupSpec {
  std::string_view name;
  std::string_view summary;
};

/// Sorted by path.
std::span<const CommandSpec> commands();
std::span<const GroupSpec> command_groups();

}  // namespace changeling::cli
