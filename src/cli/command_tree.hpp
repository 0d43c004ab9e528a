#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/syntax.hpp"

namespace changeling::cli {

/// What the arguments ask for.
struct ParsedCommand {
  GlobalOptions options;
  std::string command;  ///< "git changeling task add", as far as the words name one.
  Action action;        ///< Empty when only help is to be shown.
  Needs needs = Needs::Nothing;
  std::string help;
  int exit_code = 0;  ///< For help: 0 when it was asked for, 129 when a command was missing.
};

/// A command, a group that holds commands, or the root, with the options that it takes.
struct CommandLevel {
  std::vector<std::string> path;  ///< "runs", "list"; empty for the root.
  std::string_view summary;
  std::string_view description;
  CommandLevel* above = nullptr;
  Syntax syntax;
  Action action = nullptr;  ///< Of commands only.
  Needs needs = Needs::Nothing;

  /// "git changeling runs list".
  std::string invocation() const;
};

/// What can follow the words of a level.
struct CommandName {
  std::string_view name;
  std::string_view summary;
  bool is_hidden() const { return name.starts_with("__"); }
};

/// The whole command line, by the table in commands.cpp. A level's options are declared when it is entered:
/// the start of a command must not pay for all others.
class CommandTree {
 public:
  CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;
  ~CommandTree();

  /// See read_words. Once only. Throws Error(Usage).
  ParsedCommand parse(int argc, char** argv);

  CommandLevel& root();
  /// The commands and groups below a level, in the order of the table, groups first; none below a command.
  std::vector<CommandName> names_below(const CommandLevel& level) const;
  /// The level of this name below another one, or null. It lives as long as the tree.
  CommandLevel* enter(CommandLevel& level, std::string_view name);

  /// Every command with its options: what man pages, completions and the reference are made from.
  Json describe();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether --json is among the options, for errors in the words themselves.
bool wants_json(int argc, char** argv);

}  // namespace changeling::cli
