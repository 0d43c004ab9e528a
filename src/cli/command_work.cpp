#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/work_order.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

struct WorkOptions {
  WorkCommand command;
  bool once = false;
  std::string poll;
};

Duration parse_poll(const std::string& text) {
  constexpr Duration shortest = std::chrono::seconds(1);
  try {
    const Duration poll = parse_duration(text);
    if (poll >= shortest) return poll;
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("option --poll: {}", error.what()), error.hint());
  }
  throw Error(ErrorKind::Usage, fmt::format("option --poll: '{}' is shorter than a second", text));
}

Answer work(Context& context, const WorkOptions& options) {
  context.require_state();
  WorkCommand command = options.command;
  work::WorkOrder& order = command.order;
  if (!options.poll.empty()) order.poll = parse_poll(options.poll);
  if (options.once && order.parallel > 1) {
    throw Error(ErrorKind::Usage, "--once works on one task, and --parallel on several",
                "for several tasks: git changeling dispatch -n N --parallel P");
  }
  check_work_order(context, command);
  if (command.dry_run) return describe_order(context, order);
  if (options.once) {
    order.most_tasks = 1;
    order.when_idle = work::WorkerOptions::WhenIdle::End;
  }
  Answer answer = work_answer(context, carry_out(context, order));
  // A worker that was asked to stop has done what it was there for.
  if (!options.once) answer.exit_code = 0;
  return answer;
}

}  // namespace

CommandSpec work_command() {
  return {
      "work", "Work on tasks as they come",
      "Takes one task after the other, as dispatch does, and waits for more; a task that is added on this "
      "machine is seen at once. Any number of workers, in any number of processes and on any number of "
      "machines, share the tasks among them.\n\n"
      "The first interrupt, or q typed at the terminal, takes no further task and finishes the running one; "
      "the second interrupt stops its agent and gives the task back. The claim is renewed while an agent "
      "works. A task whose run failed here is left to other workers for a while.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<WorkOptions>();
        declare_work_options(syntax, options->command);
        syntax.flag("--once", options->once, "Work on one task, and end with 1 when there is none");
        syntax.value("--poll", options->poll, "How often to look for tasks of other machines (default: 30s)")
            .value_name("DURATION");
        return [options](Context& context) { return work(context, *options); };
      }};
}

}  // namespace changeling::cli
