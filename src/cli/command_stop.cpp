#include <fmt/format.h>

#include <chrono>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "project/run_lookup.hpp"
#include "run/stopping.hpp"
#include "view/run.hpp"

namespace changeling::cli {
namespace {

// The agent gets a few seconds to end, then the record is written.
constexpr auto patience = std::chrono::seconds(30);

Answer stop(Context& context, const std::string& prefix) {
  context.require_state();
  store::RunRecord run = project::find_run(context, prefix);
  if (run.status == store::RunStatus::Finished) {
    context.message(
        fmt::format("run {} has ended already: {}", run.id, store::run_state(run, context.clock().now())));
    return {view::to_json(context, run), "", 1};
  }
  run::ask_to_stop(context, run);
  run = run::wait_for_end(context, run, patience);
  return {view::to_json(context, run),
          fmt::format("Stopped {} ({})\n", run.id, store::run_state(run, context.clock().now())), 0};
}

}  // namespace

CommandSpec stop_command() {
  return {"stop", "Stop a running changeling",
          "Ends the agent and everything it started. What it has done so far stays on the run's branch.",
          [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            syntax.value("run", *id, "Id of the run or its beginning; a changeling's name means its newest")
                .value_name("RUN")
                .required();
            return [id](Context& context) { return stop(context, *id); };
          }};
}

}  // namespace changeling::cli
