#include "cli/gates.hpp"

#include <fmt/format.h>

#include <map>

#include "queue/rules.hpp"
#include "run/base_branch.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::cli {
namespace {

constexpr auto pause_between_questions = std::chrono::minutes(1);

/// Name and branch, as the gate says them.
using Check = std::pair<std::string, std::string>;

/// The tasks that wait for each check.
std::map<Check, std::vector<std::string>> awaited_checks(Context& context) {
  std::map<Check, std::vector<std::string>> awaited;
  store::TaskIndex& index = context.tasks().current_index();
  const store::Snapshot snapshot = context.snapshot();
  for (const std::string& id : index.gated()) {
    const auto task = store::read_sound_task(snapshot, id);
    if (!task) continue;
    for (const queue::Gate& gate : task->gates) {
      if (gate.kind == queue::Gate::Kind::Check && gate.opened_by.empty())
        awaited[{gate.check, gate.branch}].push_back(id);
    }
  }
  return awaited;
}

bool has_passed(Context& context, const Check& check) {
  const std::string branch = check.second.empty()
                                 ? run::base_branch(context.repository(), context.remote(), Definition())
                                 : check.second;
  return context.forge().check(check.first, branch) == forge::CheckState::Passed;
}

void open(Context& context, const Check& check, const std::vector<std::string>& tasks) {
  const Timestamp now = context.clock().now();
  for (const std::string& id : tasks) {
    context.tasks().edit(id, "open-gate", [&](queue::Task& task) {
      task = queue::check_passed(std::move(task), check.first, check.second, now);
    });
    context.message(fmt::format("task {}: the check '{}' has succeeded", id, check.first));
  }
}

}  // namespace

bool open_passed_gates(Context& context) {
  bool opened = false;
  if (!context.store().exists()) return opened;
  for (const auto& [check, tasks] : awaited_checks(context)) {
    try {
      if (!has_passed(context, check)) continue;
      open(context, check, tasks);
      opened = true;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted) throw;
      context.message(fmt::format("the check '{}' that task {} waits for cannot be asked: {}", check.first,
                                  tasks.front(), error.what()));
      // The next one would get the same answer.
      break;
    }
  }
  return opened;
}

void open_passed_gates_sometimes(Context& context) {
  const auto file = context.places().local_folder() / "gates-asked";
  std::error_code missing;
  const auto asked = std::filesystem::last_write_time(file, missing);
  if (!missing && std::filesystem::file_time_type::clock::now() - asked < pause_between_questions) return;
  write_file(file, "");
  open_passed_gates(context);
}

}  // namespace changeling::cli
