#include "cli/schedule_counts.hpp"

#include "cli/context.hpp"
#include "cli/definitions.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

std::size_t count_scheduled(Context& context) {
  const DefinitionSet set = DefinitionSet::load(context, FileReading::BaseBranch);
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
  Environment elsewhere = environment;
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"}) {
    elsewhere.unset(name);
  }
  std::vector<ScheduleCount> counts;
  for (const std::filesystem::path& repository : repositories) {
    ScheduleCount count;
    count.repository = repository;
    std::error_code error;
    count.exists = std::filesystem::is_directory(repository, error);
    if (count.exists) {
      try {
        GlobalOptions options;
        options.directories = {repository.string()};
        Context context(elsewhere, options);
        count.scheduled = count_scheduled(context);
      } catch (const Error& problem) {
        count.problem = problem.what();
      }
    }
    counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace changeling::cli
