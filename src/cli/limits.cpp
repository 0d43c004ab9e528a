#include "cli/limits.hpp"

#include "project/settings.hpp"

namespace changeling::cli {

run::StartLimits start_limits(const git::Repository& repository) {
  run::StartLimits limits;
  limits.caps = {project::money_setting(repository, "changeling.dailyBudget"),
                 project::money_setting(repository, "changeling.monthlyBudget")};
  limits.first_pause = project::duration_setting(repository, "changeling.cooldown");
  return limits;
}

}  // namespace changeling::cli
