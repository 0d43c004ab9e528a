#include <fmt/format.h>

#include <unordered_set>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_options.hpp"
#include "cli/task_text.hpp"
#include "queue/task_edit.hpp"
#include "queue/task_import.hpp"
#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::cli {
namespace {

struct ImportOptions {
  std::string file;
  std::string format;
  std::string status;
  std::string role;
  std::vector<std::string> labels;
  bool dry_run = false;
};

queue::Task defaults_of(const ImportOptions& options) {
  queue::Task task;
  if (!options.status.empty()) {
    try {
      task.status = queue::parse_status(options.status);
    } catch (const Error& error) {
      throw Error(ErrorKind::Usage, fmt::format("--status: {}", error.what()), error.hint());
    }
  }
  task.role = options.role;
  task.labels = queue::sorted_words(options.labels);
  return task;
}

/// What an earlier import of the same issues has made is not made again. Returns how many were left out.
std::size_t leave_out_known_sources(Context& context, std::vector<queue::ImportedTask>& imported) {
  const bool any = std::any_of(imported.begin(), imported.end(), [](const queue::ImportedTask& one) {
    return !one.task.source.empty() && one.task.id.empty();
  });
  if (!any) return 0;
  std::unordered_set<std::string> known;
  store::TaskQuery all;
  all.limit = 0;
  for (const std::string& record : context.tasks().current_index().records(all)) {
    const auto source = json_string(parse_json(record, "the index"), "source");
    if (source && !source->empty()) known.insert(*source);
  }
  return std::erase_if(imported, [&](const queue::ImportedTask& one) {
    return one.task.id.empty() && known.contains(one.task.source);
  });
}

/// What the file alone cannot tell; TaskQueue::add would refuse it too, without the place in the file.
void check_against_queue(store::TaskIndex& index, const std::vector<queue::ImportedTask>& imported) {
  const auto exists = [&](const std::string& id) {
    const auto found = index.with_prefix(id, 1);
    return !found.empty() && found.front() == id;
  };
  std::unordered_set<std::string> in_file;
  for (const queue::ImportedTask& one : imported) {
    if (!one.task.id.empty()) in_file.insert(one.task.id);
  }
  for (const queue::ImportedTask& one : imported) {
    if (!one.task.id.empty() && exists(one.task.id)) {
      throw Error(ErrorKind::Conflict,
                  fmt::format("{}: id: there is a task {} already", one.place, one.task.id),
                  "leave the id out to get a new one");
    }
    for (const std::string& blocker : one.task.blocked_by) {
      if (in_file.contains(blocker) || exists(blocker)) continue;
      throw Error(ErrorKind::Invalid, fmt::format("{}: blocked_by: there is no task {}", one.place, blocker));
    }
  }
}

/// An export of a part of a queue, or of one whose tasks have been archived, names tasks that are not there.
void drop_unknown_relatives(Context& context, std::vector<queue::ImportedTask>& imported) {
  store::TaskIndex& index = context.tasks().current_index();
  std::unordered_set<std::string> in_file;
  for (const queue::ImportedTask& one : imported) {
    if (!one.task.id.empty()) in_file.insert(one.task.id);
  }
  const auto drop_unknown = [&](const std::string& place, std::string_view field, std::string& id) {
    if (!queue::is_task_id(id) || in_file.contains(id) || !index.known_among({id}).empty()) return;
    context.message(fmt::format("{}: {}: there is no task {}; left out", place, field, id));
    id.clear();
  };
  for (queue::ImportedTask& one : imported) {
    drop_unknown(one.place, "parent", one.task.parent);
    drop_unknown(one.place, "discovered_from", one.task.discovered_from);
  }
}

Answer import_answer(Context& context, const std::vector<queue::Task>& tasks, const queue::Import& imported,
                     std::size_t known, bool dry_run) {
  Answer answer;
  answer.json = {{"tasks", Json::array()},
                 {"format", to_string(imported.format)},
                 {"skipped", {{"pull_requests", imported.pull_requests}, {"known", known}}},
                 {"dry_run", dry_run}};
  if (context.options().json) {
    for (const queue::Task& task : tasks) answer.json["tasks"].push_back(queue::to_json(task));
  }
  constexpr std::size_t listed = 20;
  answer.text = fmt::format("{} {} task{}\n", dry_run ? "Would import" : "Imported", tasks.size(),
                            tasks.size() == 1 ? "" : "s");
  for (std::size_t index = 0; index < std::min(listed, tasks.size()); ++index)
    answer.text += "  " + task_line(tasks[index], context.terminal());
  if (tasks.size() > listed) answer.text += fmt::format("  … and {} more\n", tasks.size() - listed);
  if (imported.pull_requests > 0)
    context.message(fmt::format("skipped {} pull requests", imported.pull_requests));
  if (known > 0) context.message(fmt::format("skipped {} that were imported before", known));
  return answer;
}

Answer import_tasks(Context& context, const ImportOptions& options) {
  context.require_state();
  const bool from_input = options.file == "-";
  const std::string name = from_input ? "standard input" : options.file;
  const std::string text = read_file(from_input ? "/dev/stdin" : options.file);
  const queue::ImportFormat format =
      options.format.empty() ? queue::detect_import_format(text) : queue::parse_import_format(options.format);
  queue::Import imported = queue::read_import(text, name, format, defaults_of(options));
  for (const std::string& note : imported.notes) context.message(note);
  if (imported.tasks.empty() && imported.pull_requests == 0) {
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: there is no task in it (read as {})", name, to_string(format)),
                "lines such as '- [ ] title', {\"title\": …}, or GitHub's issues as JSON; --format decides");
  }
  const std::size_t known = leave_out_known_sources(context, imported.tasks);
  check_against_queue(context.tasks().current_index(), imported.tasks);
  drop_unknown_relatives(context, imported.tasks);
  std::vector<queue::Task> tasks;
  tasks.reserve(imported.tasks.size());
  for (queue::ImportedTask& one : imported.tasks) tasks.push_back(std::move(one.task));
  imported.tasks.clear();
  if (!options.dry_run && !tasks.empty()) tasks = context.tasks().add(std::move(tasks));
  return import_answer(context, tasks, imported, known, options.dry_run);
}

}  // namespace

CommandSpec task_import_command() {
  return {
      "task import", "Add tasks from a file",
      "Reads all of the file before anything is written; a mistake is named with its line and field, and "
      "then nothing is imported. The format is found out:\n\n"
      "JSON lines with a task's fields, as git changeling task export writes them. Only title is needed. "
      "Ids are kept; one that cannot be a task's id is a name that blocked_by may use within the file.\n\n"
      "GitHub's issues as JSON, from gh issue list --json number,title,body,labels,state,url or the REST "
      "API. Pull requests are skipped, closed issues are done, and an issue imported before is not "
      "imported again.\n\n"
      "Markdown checklists: each '- [ ] title' is a task, what is indented below it is its description, "
      "and a checked box is done.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ImportOptions>();
        syntax.value("file", options->file, "File to read, '-' for standard input")
            .value_name("FILE")
            .required();
        syntax.value("--format", options->format, "Take it for this format (jsonl|github|markdown)")
            .value_name("FORMAT");
        syntax
            .value("--status", options->status,
                   "Status of tasks that say none (inbox|planning|ready|review|done)")
            .value_name("STATUS");
        syntax.value("--role", options->role, "Role of tasks that say none").value_name("ROLE");
        syntax.repeatable("--label", options->labels, "A label for every task").value_name("LABEL");
        syntax.flag("--dry-run", options->dry_run, "Check the file and write nothing");
        return [options](Context& context) { return import_tasks(context, *options); };
      }};
}

}  // namespace changeling::cli
