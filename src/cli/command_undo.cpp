#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/hook_setup.hpp"
#include "cli/operation_text.hpp"
#include "store/undo.hpp"

namespace changeling::cli {
namespace {

/// The newest operation that took this one back, which is what just happened.
Json newest_undo_of(Context& context, const git::ObjectId& undone) {
  store::HistoryQuery query;
  for (const auto& operation : read_history(context.repository(), *context.snapshot().commit(), query)) {
    if (operation.undoes == undone.hex()) return operation_to_json(operation);
  }
  return nullptr;
}

Answer undo(Context& context, const std::string& prefix) {
  context.require_state();
  const store::Undone undone = store::undo(context.store(), context.repository(), context.tasks(), prefix);
  std::vector<store::TaskChange> changes;
  for (const store::RestoredTask& task : undone.tasks)
    changes.push_back({"undo", task.before ? &*task.before : nullptr, task.after ? &*task.after : nullptr});
  context.announce_tasks(changes);
  refresh_hook_subscriptions(context);
  return {{{"undone", operation_to_json(undone.operation)},
           {"operation", newest_undo_of(context, undone.operation.id)}},
          fmt::format("Took back {}  {}\n", undone.operation.id.short_hex(), undone.operation.subject),
          0};
}

}  // namespace

CommandSpec undo_command() {
  return {
      "undo", "Take the last operation back, or a named one",
      "Brings back what the operation changed, as a new operation; nothing is removed from the history, "
      "and taking back an undo does the operation again.\n\n"
      "It is refused, with the reason, where a later operation changed the same or depends on it, where a "
      "run is running or a task is claimed, and where a branch was changed too, as by accepting a pull "
      "request.",
      [](CLI::App& app) -> Action {
        auto operation = std::make_shared<std::string>();
        app.add_option("operation", *operation,
                       "Id from git changeling log, or its beginning (default: the last one)")
            ->type_name("OPERATION");
        return [operation](Context& context) { return undo(context, *operation); };
      }};
}

}  // namespace changeling::cli
