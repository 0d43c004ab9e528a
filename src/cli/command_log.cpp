#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/operation_text.hpp"
#include "cli/syntax.hpp"
#include "project/task_writing.hpp"
#include "store/history.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/moment.hpp"
#include "view/operation.hpp"

namespace changeling::cli {
namespace {

struct LogOptions {
  store::HistoryQuery query;
  std::string since;
};

Answer log(Context& context, const LogOptions& options) {
  context.require_state();
  store::HistoryQuery query = options.query;
  if (!query.task.empty()) query.task = project::full_task_id(context, query.task);
  if (!options.since.empty()) query.since = parse_moment("--since", options.since, context.clock().now());
  const auto operations = read_history(context.repository(), *context.snapshot().commit(), query);
  Answer answer;
  answer.json = {{"operations", Json::array()}};
  for (const store::OperationRecord& operation : operations)
    answer.json["operations"].push_back(view::to_json(operation));
  if (operations.empty()) {
    context.message("no operations");
    return answer;
  }
  answer.text = operations_table(operations, context.terminal(), context.clock().now());
  return answer;
}

}  // namespace

CommandSpec log_command() {
  return {"log", "Show who changed what and when",
          "Every change of the state is a commit on its reference, newest first. git changeling undo takes "
          "one back; git show shows it in full.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<LogOptions>();
            syntax.amount("-n,--limit", options->query.limit, "At most so many, 0 for all (default: 30)")
                .value_name("N");
            syntax.value("--task", options->query.task, "Only what changed this task").value_name("ID");
            syntax.value("--changeling", options->query.changeling, "Only what concerned this changeling")
                .value_name("NAME");
            syntax.value("--run", options->query.run, "Only what concerned this run").value_name("ID");
            syntax
                .value("--since", options->since,
                       "Only from this time on: a day (from local midnight), a moment, or how long ago")
                .value_name("TIME");
            return [options](Context& context) { return log(context, *options); };
          }};
}

}  // namespace changeling::cli
