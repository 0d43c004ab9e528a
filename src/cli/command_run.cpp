#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/definition_options.hpp"
#include "cli/remote_run.hpp"
#include "cli/run_once.hpp"
#include "cli/syntax.hpp"
#include "project/run_lookup.hpp"
#include "run/start_triggers.hpp"
#include "store/records.hpp"
#include "store/run_places.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"

namespace changeling::cli {
namespace {

Answer retry(Context& context, const std::string& id, bool detach) {
  context.require_state();
  const store::RunRecord run = project::find_run(context, id);
  if (run.status == store::RunStatus::Running) {
    throw Error(ErrorKind::Refused, "run " + run.id + " is still running",
                "stop it first: git changeling stop " + run.id);
  }
  if (!run.task.empty()) {
    throw Error(ErrorKind::Refused,
                "run " + run.id + " worked on task " + run.task + ", which is tried again through the queue",
                "see where it stands: git changeling task show " + run.task);
  }
  run::RunOrder order;
  order.changeling = run.changeling;
  order.trigger = run::retry_trigger;
  order.retry_of = run.id;
  order.detach = detach;
  return run_changeling(context, order);
}

}  // namespace

CommandSpec run_command() {
  return {
      "run", "Run a changeling now",
      "Makes a worktree from the newest base branch, lets the agent work in it, verifies the result, pushes "
      "the "
      "branch and opens a pull request, or goes on with the one that is open. Your own work tree is not "
      "touched.\n\n"
      "With --interactive the agent gets this terminal, for you to work with it; what it leaves behind is "
      "then "
      "verified, pushed and proposed as always. "
      "Without it, git changeling attach, send and stop reach the run while it is under way.\n\n"
      "Options that set a field of the definition hold for this run alone, and its record names them. The "
      "definition itself must be trusted first, as always; retry does not repeat them.\n\n"
      "With --on it is started where it is deployed to, and followed to its end; --detach only starts it "
      "there.\n\n"
      "Ends with 0 for opened-pr, updated-pr, reported and no-changes, with 1 for every other outcome.",
      [](Syntax& syntax) -> Action {
        auto order = std::make_shared<run::RunOrder>();
        auto overrides = std::make_shared<DefinitionOptions>();
        syntax.value("name", order->changeling, "Name of the changeling").value_name("NAME").required();
        syntax.flag("-n,--dry-run", order->dry_run,
                    "Show what would run and the whole prompt, and do nothing");
        syntax.flag("-d,--detach", order->detach, "Run in the background and print the run's id");
        syntax.flag("-i,--interactive", order->interactive, "Give the agent this terminal");
        overrides->declare(syntax, DefinitionOptions::Scope::OneRun);
        auto place = std::make_shared<std::string>("local");
        syntax
            .value("--on", *place,
                   fmt::format("Where: here, or where it is deployed to ({})",
                               words_in_help(store::run_places())))
            .value_name("PLACE");
        syntax.value("--id", order->run_id, "Id for the run, as deployed runners get it").value_name("ID");
        syntax
            .value("--trigger", order->trigger,
                   fmt::format("What started it, as deployed runners say it ({})",
                               words_in_help(run::deployed_triggers())))
            .value_name("WORD");
        return [order, overrides, place](Context& context) {
          order->overrides = overrides->layer();
          return run_on(context, *place, *order);
        };
      }};
}

CommandSpec retry_command() {
  return {"retry", "Run the changeling of a finished run again", "", [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            auto detach = std::make_shared<bool>(false);
            syntax.value("run", *id, "Id of the run or its beginning; a changeling's name means its newest")
                .value_name("RUN")
                .required();
            syntax.flag("-d,--detach", *detach, "Run in the background and print the run's id");
            return [id, detach](Context& context) { return retry(context, *id, *detach); };
          }};
}

}  // namespace changeling::cli
