#include <fmt/format.h>

#include "cli/artifact_option.hpp"
#include "cli/claim_token.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "project/criteria.hpp"
#include "project/sharing.hpp"
#include "run/result_check.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

struct CompleteOptions {
  std::string id;
  ClaimHolder holder;
  std::vector<std::string> artifacts;
  std::string time_limit = "10m";
};

Duration parse_time_limit(const std::string& text) {
  try {
    return parse_duration(text);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("--timeout: {}", error.what()), error.hint());
  }
}

Answer complete(Context& context, const CompleteOptions& options) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  queue::Task task = tasks.find(options.id);
  // Before any command runs: who lost the task must not even check it.
  const std::int64_t token = options.holder.token_of(context, task);
  queue::check_token(task, token);
  const auto left = queue::leave_to_people(task, project::approved_criteria(context, task.role));
  project::say_unapproved(left, [&](std::string_view sentence) { context.message(std::string(sentence)); });
  std::vector<queue::Artifact> artifacts;
  for (const std::string& word : options.artifacts) {
    artifacts.push_back(parse_artifact_option(word));
    artifacts.back().created_at = context.clock().now();
  }
  const auto check =
      run::check_result(context, task, artifacts, parse_time_limit(options.time_limit),
                        {[&](std::string_view walls) { context.message(walls); },
                         [&](const std::string& line) { context.message("checking: " + line); }});
  if (!check.unmet.empty()) {
    Answer answer{{{"completed", false}, {"task", task.id}, {"unmet", check.unmet}}, "", 1};
    answer.text = fmt::format("Task {} is not complete:\n", task.id);
    for (const std::string& sentence : check.unmet) {
      const auto lines = split_lines(sentence);
      for (std::size_t index = 0; index < lines.size(); ++index)
        answer.text += (index == 0 ? "  - " : "      ") + lines[index] + "\n";
    }
    answer.next = fmt::format("it stays claimed; give it back with: git changeling task release {}{}",
                              task.id, token_words(context, task));
    return answer;
  }
  const queue::Task done = tasks.complete(task.id, token, check, std::move(artifacts));
  project::say_unpublished(context);
  const bool in_review = done.status == queue::TaskStatus::Review;
  return {view::to_json(context, done), task_line(done, context.terminal()), 0,
          in_review ? fmt::format("a person decides now: git changeling task move {} done", done.id) : ""};
}

}  // namespace

CommandSpec task_complete_command() {
  return {"task complete", "Finish a claimed task",
          "Checks the criteria of acceptance first: files must exist in the current work tree, in "
          "$CHANGELING_ARTIFACTS or among the artifacts, and commands must succeed in the work tree. They "
          "are held in bubblewrap like the checks of a run, and get of the environment what agents get, "
          "unless changeling.sandbox is off. A command that nobody has approved here "
          "(git changeling trust) is not run but left to a person. What is "
          "unmet is listed, the task stays claimed, and the command ends with 1.\n\n"
          "Then the task is done; with a criterion that only a person can judge, or a pull request among the "
          "artifacts, it goes to review.\n\n"
          "An artifact is written KIND:PATH[=DESCRIPTION], its kind is file, pr, document or link. In a link "
          "with a query write ' = ', with spaces, before the description.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<CompleteOptions>();
            syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID").required();
            options->holder.declare(syntax);
            syntax.repeatable("--artifact", options->artifacts, "Something that came of the work")
                .value_name("KIND:PATH");
            syntax.value("--timeout", options->time_limit, "Time limit of each command (default: 10m)")
                .value_name("DURATION");
            return [options](Context& context) { return complete(context, *options); };
          }};
}

}  // namespace changeling::cli
