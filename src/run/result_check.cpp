#include "run/result_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "run/criteria_walls.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

using Kind = queue::Criterion::Kind;

bool needs_files(const queue::Task& task) {
  return std::any_of(task.acceptance.begin(), task.acceptance.end(),
                     [](const queue::Criterion& criterion) { return criterion.kind != Kind::Text; });
}

bool has_commands(const queue::Task& task) {
  return std::any_of(task.acceptance.begin(), task.acceptance.end(),
                     [](const queue::Criterion& criterion) { return criterion.kind == Kind::Command; });
}

AcceptancePlace place_of_result(project::Project& project, const queue::Task& task, Duration time_limit) {
  AcceptancePlace place;
  const auto work_tree = project.repository().work_tree();
  if (!work_tree && needs_files(task)) {
    throw Error(ErrorKind::Refused,
                fmt::format("the criteria of task {} need a work tree to look at", task.id),
                "run this where the result is checked out");
  }
  place.work_tree = work_tree.value_or(std::filesystem::current_path());
  place.artifacts = project.environment().get("CHANGELING_ARTIFACTS").value_or("");
  place.time_limit = time_limit;
  return place;
}

}  // namespace

queue::CompletionCheck check_result(project::Project& project, const queue::Task& task,
                                    const std::vector<queue::Artifact>& artifacts, Duration time_limit,
                                    const ResultCheckObserver& observer) {
  AcceptancePlace place = place_of_result(project, task, time_limit);
  std::optional<CriteriaWalls> walls;
  if (has_commands(task)) {
    walls.emplace(project.services(), task.id, place);
    if (observer.on_walls) observer.on_walls(walls->describe());
  }
  return check_acceptance(task, artifacts, place, project.processes(), [&](const std::string& line) {
    if (observer.on_check) observer.on_check(line);
  });
}

}  // namespace changeling::run
