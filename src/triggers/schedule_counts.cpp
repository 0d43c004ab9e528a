#include "triggers/schedule_counts.hpp"

#include "git/program.hpp"
#include "project/definitions.hpp"
#include "project/project.hpp"
#include "support/error.hpp"

namespace changeling::triggers {
namespace {

std::size_t count_scheduled(project::Project& project) {
  const project::DefinitionSet set = project::DefinitionSet::load(project, project::FileReading::BaseBranch);
  std::size_t scheduled = 0;
  for (const std::string& name : set.names()) {
    const Definition definition = set.resolve(name).definition;
    if (definition.enabled && !definition.schedule.empty()) ++scheduled;
  }
  return scheduled;
}

}  // namespace

std::vector<ScheduleCount> count_schedules(const Environment& environment,
                                           const std::vector<std::filesystem::path>& repositories) {
  // A GIT_DIR would lead every one of them to the same repository.
  const Environment elsewhere = git::without_repository_variables(environment);
  std::vector<ScheduleCount> counts;
  for (const std::filesystem::path& repository : repositories) {
    ScheduleCount count;
    count.repository = repository;
    std::error_code error;
    count.exists = std::filesystem::is_directory(repository, error);
    if (count.exists) {
      try {
        project::Project project({elsewhere, {repository.string()}});
        count.scheduled = count_scheduled(project);
      } catch (const Error& problem) {
        count.problem = problem.what();
      }
    }
    counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace changeling::triggers
