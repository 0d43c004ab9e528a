#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/task_filter.hpp"
#include "queue/task_json.hpp"
#include "store/task_records.hpp"
#include "support/files.hpp"

namespace changeling::cli {
namespace {

struct ExportOptions {
  std::string file = "-";
  TaskFilter filter;
};

Answer export_tasks(Context& context, const ExportOptions& options) {
  context.require_state();
  std::vector<std::string> ids = context.tasks().current_index().find(options.filter.query());
  // By id, so that two exports of one state are equal and of two states differ only where the tasks do.
  std::sort(ids.begin(), ids.end());
  const store::Snapshot snapshot = context.snapshot();
  const bool to_output = options.file == "-";
  std::string lines;
  std::size_t count = 0;
  for (const std::string& id : ids) {
    const auto task = store::read_task(snapshot, id);
    if (!task) continue;
    lines += queue::to_json(*task).dump() + "\n";
    ++count;
    if (to_output) {
      std::fwrite(lines.data(), 1, lines.size(), stdout);
      lines.clear();
    }
  }
  if (to_output) return {};
  write_file(options.file, lines);
  return {{{"exported", count}, {"file", options.file}},
          fmt::format("Exported {} task{} to {}\n", count, count == 1 ? "" : "s", options.file),
          0};
}

}  // namespace

CommandSpec task_export_command() {
  return {
      "task export", "Write tasks as JSON lines",
      "One object a line with all fields of a task, which git changeling task import reads back "
      "identically, ids and dependencies included.",
      [](CLI::App& app) -> Action {
        auto options = std::make_shared<ExportOptions>();
        app.add_option("file", options->file, "File to write (default: standard output)")->type_name("FILE");
        options->filter.declare(app);
        return [options](Context& context) { return export_tasks(context, *options); };
      }};
}

}  // namespace changeling::cli
