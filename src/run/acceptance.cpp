#include "run/acceptance.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/confine.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shown_output = 600;

/// Whether `path` is there and lies below `folder`, links followed: what lies elsewhere on the machine says
/// nothing about the result, and must not be asked about by whoever wrote the task.
bool exists_below(const fs::path& folder, const fs::path& path) {
  std::error_code missing;
  if (folder.empty() || path.empty() || path.is_absolute()) return false;
  const fs::path root = fs::canonical(folder, missing);
  const fs::path there = missing ? fs::path() : fs::canonical(root / path, missing);
  if (missing) return false;
  const fs::path inside = there.lexically_relative(root);
  return !inside.empty() && *inside.begin() != "..";
}

bool exists_in(const AcceptancePlace& place, const fs::path& path) {
  return exists_below(place.work_tree, path) || exists_below(place.artifacts, path);
}

/// What could lie in the result at all.
bool stays_inside(const fs::path& path) {
  const fs::path plain = path.lexically_normal();
  return !path.is_absolute() && !plain.empty() && *plain.begin() != "..";
}

bool is_artifact(const std::string& path, const std::vector<queue::Artifact>& artifacts) {
  return std::any_of(artifacts.begin(), artifacts.end(),
                     [&](const queue::Artifact& artifact) { return artifact.path == path; });
}

/// Nothing when it succeeds.
std::optional<std::string> run_plainly(const std::string& line, const AcceptancePlace& place,
                                       ProcessRunner& processes) {
  Command command;
  command.arguments = {"/bin/sh", "-c", line};
  command.working_directory = place.work_tree;
  command.environment = place.environment;
  command.descendants = Descendants::EndWithIt;
  const ProcessResult result = processes.run(sandbox::confine(command, place.walls), place.time_limit);
  if (result.status.success() && !result.timed_out) return std::nullopt;
  std::string sentence =
      result.timed_out ? fmt::format("'{}' did not end within {}", line, format_duration(place.time_limit))
                       : fmt::format("'{}' ended with {}", line, result.status.describe());
  const std::string printed = valid_utf8(trim(last_part(result.output + result.error, shown_output)));
  return printed.empty() ? sentence : sentence + ":\n" + printed;
}

}  // namespace

queue::CompletionCheck check_acceptance(const queue::Task& task,
                                        const std::vector<queue::Artifact>& artifacts,
                                        const AcceptancePlace& place, const RunCriterion& run_criterion) {
  queue::CompletionCheck check;
  for (const queue::Artifact& artifact : artifacts) {
    if (artifact.kind == queue::Artifact::Kind::PullRequest) check.needs_review = true;
    if (artifact.kind == queue::Artifact::Kind::File && !exists_in(place, artifact.path)) {
      check.unmet.push_back(fmt::format("the artifact {} does not exist", artifact.path));
    }
  }
  for (const queue::Criterion& criterion : task.acceptance) {
    switch (criterion.kind) {
      case queue::Criterion::Kind::Text:
        check.needs_review = true;
        break;
      case queue::Criterion::Kind::File:
        if (!stays_inside(criterion.value)) {
          check.unmet.push_back(fmt::format("{} lies outside of the work tree", criterion.value));
        } else if (!exists_in(place, criterion.value) && !is_artifact(criterion.value, artifacts) &&
                   !is_artifact(criterion.value, task.artifacts)) {
          check.unmet.push_back(fmt::format("{} does not exist", criterion.value));
        }
        break;
      case queue::Criterion::Kind::Command:
        if (auto problem = run_criterion(criterion.value)) check.unmet.push_back(std::move(*problem));
        break;
    }
  }
  return check;
}

queue::CompletionCheck check_acceptance(const queue::Task& task,
                                        const std::vector<queue::Artifact>& artifacts,
                                        const AcceptancePlace& place, ProcessRunner& processes,
                                        const OnCommand& on_command) {
  return check_acceptance(task, artifacts, place, [&](const std::string& line) {
    if (on_command) on_command(line);
    return run_plainly(line, place, processes);
  });
}

}  // namespace changeling::run
