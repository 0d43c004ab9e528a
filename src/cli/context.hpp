#pragma once

#include <string>
#include <vector>

#include "cli/transfer_line.hpp"
#include "project/project.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// What the user said before and around the command.
struct GlobalOptions {
  std::vector<std::string> directories;  ///< -C, applied one after the other.
  bool json = false;
  bool quiet = false;
  bool no_pager = false;
};

/// What commands work with: a project, with the person at the terminal before it. Its messages are lines on
/// standard error, unless --quiet.
class Context : public project::Project {
 public:
  Context(Environment environment, GlobalOptions options);

  const Terminal& terminal() const { return terminal_; }
  const GlobalOptions& options() const { return options_; }
  /// From now on a fetch or push of the state that takes its time is shown on the terminal; for commands that
  /// show nothing else meanwhile. Nothing with --quiet and --json.
  void show_transfers();

 private:
  GlobalOptions options_;
  Terminal terminal_;
  TransferLine transfer_line_{terminal_};
};

}  // namespace changeling::cli
