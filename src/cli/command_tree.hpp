#pragma once

#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/context.hpp"

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

/// The whole command line as CLI11 knows it, made from the table in commands.cpp.
class CommandTree {
 public:
  CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;
  ~CommandTree();

  /// See read_words. Once only. Throws Error(Usage).
  ParsedCommand parse(int argc, char** argv);

  /// Every command with its options: what man pages, completions and the reference are made from.
  Json describe() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether --json is among the options, for errors in the words themselves.
bool wants_json(int argc, char** argv);

}  // namespace changeling::cli
