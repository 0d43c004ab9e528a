#include "run/acceptance_place.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"

namespace changeling::run {

AcceptancePlace acceptance_place(project::Project& project, const queue::Task& task, Duration time_limit) {
  AcceptancePlace place;
  const auto work_tree = project.repository().work_tree();
  const bool needs_files = std::any_of(
      task.acceptance.begin(), task.acceptance.end(),
      [](const queue::Criterion& criterion) { return criterion.kind != queue::Criterion::Kind::Text; });
  if (!work_tree && needs_files) {
    throw Error(ErrorKind::Refused,
                fmt::format("the criteria of task {} need a work tree to look at", task.id),
                "run this where the result is checked out");
  }
  place.work_tree = work_tree.value_or(std::filesystem::current_path());
  place.artifacts = project.environment().get("CHANGELING_ARTIFACTS").value_or("");
  place.environment = project.environment();
  // Set when a hook runs us; they would point the commands' git elsewhere.
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
    place.environment.unset(name);
  place.time_limit = time_limit;
  return place;
}

}  // namespace changeling::run
