#include "cli/command_tree.hpp"
#include "cli/declarations.hpp"

namespace changeling::cli {

CommandSpec dump_command() {
  return {"__dump-cli", "The whole command tree as JSON",
          "Man pages, completions and the reference are made from it.",
          [](Syntax&) -> Action {
            return [](Context&) {
              const Json tree = CommandTree().describe();
              return Answer{tree, tree.dump(2) + "\n", 0};
            };
          },
          Needs::Nothing};
}

}  // namespace changeling::cli
