#include "cli/undo_answer.hpp"

#include <fmt/format.h>

#include "cli/confirmation.hpp"
#include "cli/operation_text.hpp"
#include "cli/syntax.hpp"
#include "project/undo.hpp"
#include "support/text.hpp"
#include "view/operation.hpp"

namespace changeling::cli {

Answer answer_of_undo(Context& context, const store::OperationRecord& operation, bool yes) {
  if (store::is_of_somebody_else(context.store(), operation)) {
    const std::string who = operation.actor.substr(0, operation.actor.find(" <"));
    const bool go_on =
        agreed(context, yes, fmt::format("this takes back what {} did: {}", who, operation.subject),
               fmt::format("git changeling undo {} --yes", operation.id.short_hex()));
    if (!go_on) return {{{"undone", nullptr}, {"operation", nullptr}}, "", 1};
  }
  const store::Undone undone = project::take_back(context, operation);
  return {{{"undone", view::to_json(undone.operation)}, {"operation", view::to_json(undone.by)}},
          fmt::format("{}  {}\n", undone.by.id.short_hex(), without_controls(undone.by.subject)),
          0};
}

void add_yes_for_others(Syntax& syntax, bool& yes) {
  syntax.flag("-y,--yes", yes, "Take back what somebody else did without asking");
}

}  // namespace changeling::cli
