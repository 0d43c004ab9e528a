#include "cli/halt_answer.hpp"

#include <fmt/format.h>

#include "project/halt.hpp"
#include "support/text.hpp"
#include "view/halt.hpp"

namespace changeling::cli {

Answer switch_everything_off(Context& context, const std::string& reason) {
  context.require_state();
  return {
      {{"halt", view::to_json(project::switch_off(context, reason))}},
      "Switched everything off: nothing starts, and what runs is stopped; other machines obey after their "
      "next sync\n",
      0,
      "switch it on again: git changeling enable --all"};
}

Answer switch_everything_on(Context& context) {
  context.require_state();
  const auto left = project::switch_on(context);
  if (!left) return {{{"halt", nullptr}}, "Switched everything on\n", 0};
  return {{{"halt", view::to_json(left)}},
          fmt::format("Still off here: {}\n", without_controls(left->reason)),
          1,
          "undo it: " + left->undo};
}

}  // namespace changeling::cli
