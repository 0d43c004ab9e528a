#include "project/start_limits.hpp"

#include "project/settings.hpp"

namespace changeling::project {

StartLimits start_limits(const git::Repository& repository) {
  StartLimits limits;
  limits.caps = {money_setting(repository, "changeling.dailyBudget"),
                 money_setting(repository, "changeling.monthlyBudget")};
  limits.first_pause = duration_setting(repository, "changeling.cooldown");
  return limits;
}

}  // namespace changeling::project
