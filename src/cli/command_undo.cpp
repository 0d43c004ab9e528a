
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/undo_answer.hpp"

namespace changeling::cli {
namespace {

struct UndoOptions {
  std::string operation;
  bool yes = false;
};

Answer undo(Context& context, const UndoOptions& options) {
  context.require_state();
  return answer_of_undo(
      context,
      store::operation_to_undo(context.store(), context.repository(), context.tasks(), options.operation),
      options.yes);
}

}  // namespace

CommandSpec undo_command() {
  return {
      "undo", "Take the last operation back, or a named one",
      "Brings back what the operation changed, as a new operation; nothing is removed from the history, "
      "and git changeling redo does it again. Undoing twice goes one step further back; what runs record of "
      "themselves is no step. Before what somebody else did is taken back it asks, and without a terminal it "
      "needs --yes.\n\n"
      "It is refused, with the reason, where a later operation changed the same or depends on it, where a "
      "run is running or a task is claimed, and where a branch was changed too, as by accepting a pull "
      "request.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<UndoOptions>();
        syntax
            .value("operation", options->operation,
                   "Id from git changeling log, or its beginning (default: the last one that stands)")
            .value_name("OPERATION");
        add_yes_for_others(syntax, options->yes);
        return [options](Context& context) { return undo(context, *options); };
      }};
}

}  // namespace changeling::cli
