
#include "cli/declarations.hpp"
#include "cli/detach.hpp"
#include "cli/own_program.hpp"
#include "cli/run_once.hpp"

namespace changeling::cli {
namespace {

Answer lead_run(Context& context) {
  const RunOrder order = run_order_from_json(read_order());
  const ReportStart report_start = report_from_background();
  try {
    lead_in_background(context, order, report_start);
  } catch (const std::exception& error) {
    report_start(error.what());
    throw;
  }
  return {};
}

}  // namespace

CommandSpec lead_run_command() {
  return {lead_run_word, "Lead a run in the background",
          "What run --detach, hooks and tick start. The order is on standard input.",
          [](Syntax&) -> Action { return lead_run; }};
}

}  // namespace changeling::cli
