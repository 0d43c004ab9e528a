#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/syntax.hpp"
#include "cli/task_filter.hpp"
#include "queue/task_json.hpp"
#include "support/files.hpp"

namespace changeling::cli {
namespace {

struct ExportOptions {
  std::string file = "-";
  TaskFilter filter;
};

Answer export_tasks(Context& context, const ExportOptions& options) {
  context.require_state();
  std::vector<queue::Task> tasks;
  context.damage().note(context.tasks().current_index().unreadable());
  for (const std::string& record : context.tasks().current_index().records(options.filter.query()))
    tasks.push_back(queue::task_from_json(parse_json(record, "the index"), "the index"));
  // By id, so that two exports of one state are equal and of two states differ only where the tasks do.
  std::sort(tasks.begin(), tasks.end(),
            [](const queue::Task& one, const queue::Task& other) { return one.id < other.id; });
  const bool to_output = options.file == "-";
  std::string lines;
  for (const queue::Task& task : tasks) {
    if (to_output) {
      print_json(queue::to_json(task));
    } else {
      lines += queue::to_json(task).dump() + "\n";
    }
  }
  if (to_output) return {};
  write_file(options.file, lines);
  return {{{"exported", tasks.size()}, {"file", options.file}},
          fmt::format("Exported {} task{} to {}\n", tasks.size(), tasks.size() == 1 ? "" : "s", options.file),
          0};
}

}  // namespace

CommandSpec task_export_command() {
  return {
      "task export", "Write tasks as JSON lines",
      "One object a line with all fields of a task, which git changeling task import reads back "
      "identically, ids and dependencies included.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ExportOptions>();
        syntax.value("file", options->file, "File to write (default: standard output)").value_name("FILE");
        options->filter.declare(syntax);
        return [options](Context& context) { return export_tasks(context, *options); };
      }};
}

}  // namespace changeling::cli
