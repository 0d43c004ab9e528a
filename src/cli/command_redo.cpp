#include <CLI/CLI.hpp>

#include "cli/declarations.hpp"
#include "cli/undo_answer.hpp"

namespace changeling::cli {
namespace {

Answer redo(Context& context) {
  context.require_state();
  return answer_of_undo(context, store::redo(context.store(), context.repository(), context.tasks()));
}

}  // namespace

CommandSpec redo_command() {
  return {"redo", "Do again what undo took back last",
          "As a new operation; redoing twice goes one step further forward. Once something else has been "
          "changed, nothing lies ahead any more; git changeling undo ID then takes back a single undo.",
          [](CLI::App&) -> Action { return [](Context& context) { return redo(context); }; }};
}

}  // namespace changeling::cli
