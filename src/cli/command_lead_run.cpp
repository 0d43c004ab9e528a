
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "project/own_program.hpp"
#include "run/start.hpp"
#include "support/detach.hpp"

namespace changeling::cli {
namespace {

Answer lead_run(Context& context) {
  const run::RunOrder order = run::run_order_from_json(project::read_order());
  const ReportStart report_start = report_from_background();
  try {
    run::lead_in_background(context, order, report_start);
  } catch (const std::exception& error) {
    report_start(error.what());
    throw;
  }
  return {};
}

}  // namespace

CommandSpec lead_run_command() {
  return {run::lead_run_word, "Lead a run in the background",
          "What run --detach, hooks and tick start. The order is on standard input.",
          [](Syntax&) -> Action { return lead_run; }};
}

}  // namespace changeling::cli
