#include <fmt/format.h>

#include <algorithm>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/editor.hpp"
#include "cli/syntax.hpp"
#include "cli/task_form.hpp"
#include "cli/task_options.hpp"
#include "cli/task_text.hpp"
#include "project/criteria.hpp"
#include "project/roles.hpp"
#include "project/task_writing.hpp"
#include "queue/rules.hpp"
#include "queue/task_edit.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

struct AddOptions {
  std::string title;
  bool has_title = false;  ///< An empty one is a mistake, and no wish for the form.
  TaskOptions fields;
};

struct EditOptions {
  std::string id;
  std::vector<std::string> title;
  TaskOptions fields;
};

queue::TaskStatus first_status(const TaskOptions& fields) {
  const queue::TaskStatus wanted = fields.status().value_or(queue::TaskStatus::Inbox);
  try {
    return project::first_status(wanted);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("--status: {}", error.what()), error.hint());
  }
}

/// Lets the user fill in the form and calls `write` with the result, and the text that it came from. False
/// when they gave it up.
bool edit_form(Context& context, const queue::Task& task, const std::string& file_name,
               const std::function<void(const queue::Task&, EditedText&)>& write) {
  EditedText edited(context, task_form(task), file_name);
  queue::Task changed = task;
  const auto read = [&](const std::string& text) {
    changed = task;
    read_task_form(text, edited.file().string(), changed);
    if (trim(changed.title).empty()) return;
    changed.title = queue::checked_title(changed.title);
    project::complete_links(context, task, changed);
  };
  if (edited.given_up()) return false;
  bool written = false;
  edited.use(read, [&] {
    if (trim(changed.title).empty()) return;
    write(changed, edited);
    written = true;
  });
  return written;
}

Answer add(Context& context, const AddOptions& options) {
  context.require_state();
  queue::Task task;
  task.status = first_status(options.fields);
  options.fields.apply(task);
  queue::Task added;
  const auto write = [&](queue::Task wanted) {
    project::warn_of_unknown_role(context, wanted.role);
    project::approve_criteria(context, wanted.acceptance, {});
    queue::add_criteria(wanted, project::criteria_of_role(context, wanted.role));
    added = context.tasks().add({std::move(wanted)}).front();
  };
  if (!options.has_title) {
    const auto write_new = [&](const queue::Task& wanted, EditedText&) { write(wanted); };
    if (!edit_form(context, task, "new-task.md", write_new)) {
      context.message("not added: the title is empty or nothing was written");
      return {{{"added", false}}, "", 1};
    }
  } else {
    task.title = queue::checked_title(options.title);
    project::complete_links(context, {}, task);
    write(task);
  }
  Json json = view::to_json(context, added);
  const bool waits = added.status == queue::TaskStatus::Inbox || added.status == queue::TaskStatus::Planning;
  // Where a program reads, the id alone: id=$(git changeling task add TITLE).
  return {std::move(json),
          context.terminal().output_is_terminal ? task_line(added, context.terminal()) : added.id + "\n", 0,
          waits ? fmt::format("workers take it once it is ready: git changeling task move {} ready", added.id)
                : ""};
}

/// Where the form and somebody else changed the same field since the form was begun, their values are shown
/// above the kept form, and what it says the next time counts.
void check_nothing_lost(EditedText& form, const queue::Task& base, const queue::Task& wanted,
                        const queue::Task& stored) {
  // As the form would show it, or the end of a line would count as a change.
  queue::Task now = stored;
  read_task_form(task_form(stored), form.file().string(), now);
  const auto fields = queue::fields_changed_by_both(base, wanted, now);
  if (fields.empty()) return;
  queue::Task seen = base;
  queue::take_over_fields(seen, now, fields);
  form.rebase(task_form(seen));
  throw Error(ErrorKind::Conflict,
              fmt::format("task {} was changed meanwhile:\n{}", now.id, task_form_fields(now, fields)),
              "what your text says the next time replaces it");
}

Answer edit(Context& context, const EditOptions& options) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  const queue::Task before = tasks.find(options.id);
  queue::Task after = before;
  const auto write = [&](const queue::Task& base, queue::Task wanted, EditedText* form) {
    project::approve_criteria(context, wanted.acceptance, base.acceptance);
    project::follow_role(context, base, wanted, options.fields.gives_acceptance());
    const auto status = options.fields.status();
    if (status && *status != before.status) tasks.move(before.id, *status);
    after = tasks.edit(before.id, "edit", [&](queue::Task& task) {
      if (form != nullptr) check_nothing_lost(*form, base, wanted, task);
      queue::take_over_fields(task, wanted, queue::differing_fields(base, wanted));
    });
  };
  const auto write_form = [&](const queue::Task& wanted, EditedText& form) {
    queue::Task base = before;
    read_task_form(form.base(), form.file().string(), base);
    write(base, wanted, &form);
  };
  if (options.fields.any() || !options.title.empty()) {
    queue::Task wanted = before;
    options.fields.apply(wanted);
    if (!options.title.empty()) wanted.title = queue::checked_title(options.title.back());
    if (options.fields.gives_ids()) project::complete_links(context, before, wanted);
    write(before, wanted, nullptr);
  } else if (!edit_form(context, before, "task-" + before.id + ".md", write_form)) {
    context.message("nothing changed");
    return {view::to_json(context, before), "", 0};
  }
  return {view::to_json(context, after), task_line(after, context.terminal()), 0};
}

}  // namespace

CommandSpec task_add_command() {
  return {
      "task add", "Add a task to the queue",
      "Writes a task and prints its id, on a terminal with status and title. Without a title it opens a form "
      "in your editor; an empty title there cancels.\n\n"
      "A new task is in the inbox unless --status says otherwise; workers take tasks that are ready. Ids "
      "may be shortened wherever they stay unambiguous.\n\n"
      "Criteria of acceptance decide what completing the task needs: file:PATH must exist, run:COMMAND "
      "must succeed in the work tree (what you write here is approved by that, see git changeling trust), "
      "and "
      "any other text is for a person to judge, so the task goes to "
      "review first. A role may add criteria of its own to its tasks.\n\n"
      "A gate keeps a task from being claimed until a time, until a person approves it (task approve), or "
      "until a check of continuous integration has succeeded. --parent and --discovered-from only say how "
      "tasks belong together.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<AddOptions>();
        Option title =
            syntax.value("title", options->title, "What is to be done, in one line").value_name("TITLE");
        options->fields.declare(syntax);
        return [options, title](Context& context) {
          options->has_title = title.given();
          return add(context, *options);
        };
      }};
}

CommandSpec task_edit_command() {
  return {
      "task edit", "Change a task",
      "Replaces the given fields and leaves the others. A list that is given replaces the whole list; an "
      "empty word clears it. Without options it opens a form in your editor. What somebody else changed "
      "meanwhile "
      "stays; where both changed the same field, the form is kept, and opened again with their values above "
      "it.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<EditOptions>();
        syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID").required();
        syntax.single("--title", options->title, "What is to be done, in one line").value_name("TITLE");
        options->fields.declare(syntax);
        return [options](Context& context) { return edit(context, *options); };
      }};
}

}  // namespace changeling::cli
