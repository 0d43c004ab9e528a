#include "work/gates.hpp"

#include <fmt/format.h>

#include <map>

#include "project/base_branch.hpp"
#include "queue/rules.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::work {
namespace {

constexpr auto pause_between_questions = std::chrono::minutes(1);

/// Name and branch, as the gate says them.
using Check = std::pair<std::string, std::string>;

/// The tasks that wait for each check.
std::map<Check, std::vector<std::string>> awaited_checks(project::Project& project) {
  std::map<Check, std::vector<std::string>> awaited;
  store::TaskIndex& index = project.tasks().current_index();
  const store::Snapshot snapshot = project.snapshot();
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

bool has_passed(project::Project& project, const Check& check) {
  const std::string branch = check.second.empty()
                                 ? project::base_branch(project.repository(), project.remote(), Definition())
                                 : check.second;
  return project.forge().check(check.first, branch) == forge::CheckState::Passed;
}

void open(project::Project& project, const Check& check, const std::vector<std::string>& tasks) {
  const Timestamp now = project.clock().now();
  for (const std::string& id : tasks) {
    project.tasks().edit(id, "open-gate", [&](queue::Task& task) {
      task = queue::check_passed(std::move(task), check.first, check.second, now);
    });
    project.message(fmt::format("task {}: the check '{}' has succeeded", id, check.first));
  }
}

}  // namespace

bool open_passed_gates(project::Project& project) {
  bool opened = false;
  if (!project.store().exists()) return opened;
  for (const auto& [check, tasks] : awaited_checks(project)) {
    try {
      if (!has_passed(project, check)) continue;
      open(project, check, tasks);
      opened = true;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted) throw;
      project.message(fmt::format("the check '{}' that task {} waits for cannot be asked: {}", check.first,
                                  tasks.front(), error.what()));
      // The next one would get the same answer.
      break;
    }
  }
  return opened;
}

void open_passed_gates_sometimes(project::Project& project) {
  const auto file = project.places().local_folder() / "gates-asked";
  std::error_code missing;
  const auto asked = std::filesystem::last_write_time(file, missing);
  if (!missing && std::filesystem::file_time_type::clock::now() - asked < pause_between_questions) return;
  write_file(file, "");
  open_passed_gates(project);
}

}  // namespace changeling::work
