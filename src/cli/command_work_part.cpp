#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/worker_display.hpp"
#include "project/own_program.hpp"
#include "support/child_pool.hpp"
#include "support/interrupt.hpp"
#include "support/json.hpp"
#include "work/crew.hpp"

namespace changeling::cli {
namespace {

Answer work_part(Context& context) {
  catch_interrupts(2);
  print_json_line(ChildPool::answer([&] {
    StepsDisplay display(context);
    const work::WorkOrder order = work::work_order_from_json(project::read_order());
    return work::told(work::work_here(context, order, display))
        .dump(-1, ' ', false, Json::error_handler_t::replace);
  }));
  return {};
}

}  // namespace

CommandSpec work_part_command() {
  return {work::work_part_word, "Do a part of the work of dispatch or work with --parallel",
          "The order is on standard input, what came of it on standard output.",
          [](Syntax&) -> Action { return work_part; }};
}

}  // namespace changeling::cli
