#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_once.hpp"
#include "cli/syntax.hpp"
#include "cli/trace.hpp"
#include "run/hand_over_publication.hpp"
#include "support/interrupt.hpp"

namespace changeling::cli {
namespace {

Answer publish(Context& context, const run::HandedOver& handed_over) {
  catch_interrupts();
  ProgressLine line(context.terminal(), context.options().quiet, handed_over.run_id);
  run::Observer observer;
  observer.on_step = [&](run::Step step) {
    trace_step(context.environment(), step);
    line.step(step);
  };
  observer.on_message = [&](std::string_view text) { line.message(text); };
  observer.stop_requested = interrupted;
  return ended_run_answer(context, run::publish_handed_over(context, observer, handed_over));
}

}  // namespace

CommandSpec publish_command() {
  return {
      "publish", "Publish what a run elsewhere has handed over",
      "The third part of a run that git changeling run --begin has begun and another machine, or another "
      "job, "
      "has carried out with --hand-over. No agent starts here, and no command of the repository.\n\n"
      "An agent may have written the file, so everything is judged anew: that it holds that run and nothing "
      "else; that the changeling is approved; that the work goes on from the base branch, or from the "
      "request "
      "that it continues; its objects, its protected files, and whether a commit adds a secret. The results "
      "of checks are taken from the file, and the pull request says so.\n\n"
      "A file that is missing, or is refused, ends the run as well. A run that has ended is only shown, so "
      "that the command may be repeated. Ends as git changeling run does.",
      [](Syntax& syntax) -> Action {
        auto handed_over = std::make_shared<run::HandedOver>();
        auto file = std::make_shared<std::string>();
        syntax.value("run", handed_over->run_id, "Id of the run, as git changeling run --begin printed it")
            .value_name("RUN")
            .required();
        syntax.value("file", *file, "What git changeling run --hand-over wrote")
            .value_name("FILE")
            .required();
        syntax
            .value("--digest", handed_over->digest,
                   "Approve the definition with this digest and no other one, as git changeling trust does")
            .value_name("DIGEST");
        return [handed_over, file](Context& context) {
          handed_over->file = *file;
          return publish(context, *handed_over);
        };
      }};
}

}  // namespace changeling::cli
