#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/definition_options.hpp"
#include "cli/output.hpp"
#include "cli/run_once.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "deploy/remote_run.hpp"
#include "project/run_lookup.hpp"
#include "run/retry.hpp"
#include "run/start_triggers.hpp"
#include "store/records.hpp"
#include "store/run_places.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"
#include "view/run.hpp"

namespace changeling::cli {
namespace {

Answer retry(Context& context, const std::string& id, bool detach) {
  context.require_state();
  run::RunOrder order = run::order_to_retry(context, project::find_run(context, id));
  order.detach = detach;
  return run_changeling(context, order);
}

Answer ended_answer(Context& context, const deploy::RemoteRun& run) {
  if (!run.record) {
    return {
        {{"id", run.id}, {"record", nullptr}, {"success", run.end->success}, {"end", run.end->description}},
        fmt::format("{}\nThere is no record of the run {} here (yet).\n", run.end->description, run.id),
        run.end->success ? 0 : 1};
  }
  context.message(run.end->description);
  const bool success = run.record->outcome && is_success(*run.record->outcome);
  return {view::to_json(context, *run.record),
          run_details(*run.record, context.terminal(), context.clock().now()), success ? 0 : 1};
}

Answer run_where_it_is_deployed(Context& context, const run::RunOrder& order,
                                store::DeploymentTarget target) {
  const store::DeploymentRecord deployment = deploy::deployed_for(context, order, target);
  const auto pass_on = [&](std::string_view text) {
    if (!context.options().quiet) tell_lines(text);
  };
  const deploy::RemoteRun run = deploy::run_there(context, deployment, order, pass_on);
  if (run.end) return ended_answer(context, run);
  return {{{"id", run.id}, {"detached", true}, {"on", to_string(target)}},
          run.id + "\n",
          0,
          "its record comes with git changeling sync"};
}

/// Here, or where it is deployed to. The exit code is that of run_changeling; without a record, 0 when the
/// other side says that it succeeded.
Answer run_on(Context& context, const std::string& place, const run::RunOrder& order) {
  if (find_word(run::deployed_triggers(), order.trigger) == nullptr) {
    throw not_allowed(ErrorKind::Usage, "option --trigger", order.trigger,
                      words_of(run::deployed_triggers()));
  }
  const store::RunPlace* const where = find_word(store::run_places(), place);
  if (where == nullptr)
    throw not_allowed(ErrorKind::Usage, "option --on", place, words_of(store::run_places()));
  return where->target ? run_where_it_is_deployed(context, order, *where->target)
                       : run_changeling(context, order);
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
      "A run in three parts keeps the right to publish away from its agent: --begin where the state may be "
      "written, --hand-over where it may only be read, and git changeling publish where no agent works. That "
      "is how a deployed changeling runs.\n\n"
      "Ends with 0 for opened-pr, updated-pr, reported and no-changes, with 1 for every other outcome; with "
      "--hand-over, with 0 once the file is there.",
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
        syntax.flag("--begin", order->begin_only,
                    "Only write down that it begins, and print its id: the first of three parts");
        auto file = std::make_shared<std::string>();
        syntax
            .value("--hand-over", *file,
                   "Carry out the run --id that was begun, and leave it in this file without publishing "
                   "anything: the second part; the third is git changeling publish")
            .value_name("FILE");
        return [order, overrides, place, file](Context& context) {
          order->overrides = overrides->layer();
          order->hand_over = *file;
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
