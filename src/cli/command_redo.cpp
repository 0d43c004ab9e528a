
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/undo_answer.hpp"

namespace changeling::cli {
namespace {

Answer redo(Context& context, bool yes) {
  context.require_state();
  return answer_of_undo(
      context, store::operation_to_redo(context.store(), context.repository(), context.tasks()), yes);
}

}  // namespace

CommandSpec redo_command() {
  return {"redo", "Do again what undo took back last",
          "As a new operation; redoing twice goes one step further forward. Once something else has been "
          "changed, nothing lies ahead any more; git changeling undo ID then takes back a single undo. "
          "Before what somebody else took back is done again it asks, "
          "and without a terminal it needs --yes.",
          [](Syntax& syntax) -> Action {
            auto yes = std::make_shared<bool>(false);
            add_yes_for_others(syntax, *yes);
            return [yes](Context& context) { return redo(context, *yes); };
          }};
}

}  // namespace changeling::cli
