#include "cli/undo_answer.hpp"

#include <fmt/format.h>

#include "cli/hook_setup.hpp"
#include "cli/operation_text.hpp"

namespace changeling::cli {

Answer answer_of_undo(Context& context, const store::Undone& undone) {
  std::vector<store::TaskChange> changes;
  for (const store::RestoredTask& task : undone.tasks)
    changes.push_back({"undo", task.before ? &*task.before : nullptr, task.after ? &*task.after : nullptr});
  context.announce_tasks(changes);
  refresh_hook_subscriptions(context);
  return {{{"undone", operation_to_json(undone.operation)}, {"operation", operation_to_json(undone.by)}},
          fmt::format("{}  {}\n", undone.by.id.short_hex(), undone.by.subject),
          0};
}

}  // namespace changeling::cli
