#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "project/project.hpp"
#include "support/clock.hpp"
#include "triggers/schedule_counts.hpp"
#include "triggers/timer_backend.hpp"

namespace changeling::triggers {

/// What installing a timer has come to.
struct TimerInstalled {
  std::string backend;                     ///< Whose timer it is: "cron" or "systemd".
  bool was_installed = false;              ///< Before, in whatever form.
  bool changed = false;                    ///< Something was written.
  std::vector<std::string> replaced = {};  ///< The backends whose timers were taken away for it.
  /// The git folder that `tick` looks at from now on; nothing when it did before, or outside of repositories.
  std::optional<std::filesystem::path> registered = std::nullopt;
  TimerState state = {};
};

/// Lets the backend with the name run `tick` once a minute; without a name that whose timer is installed,
/// else systemd where it runs, else cron. There is one timer afterwards, and when this throws, none that was
/// not there before. Throws what TimerBackend::install does, Error(NotFound) in a repository without state,
/// and Error(Unavailable) while another process does the same.
TimerInstalled install_timer(project::Project& project, const std::string& backend);

/// What taking timers away has come to.
struct TimersRemoved {
  std::vector<std::string> backends = {};  ///< Those that had one.
  std::vector<std::string> problems = {};  ///< What the others say that have none.
};

/// Takes the timer of the named backend away; without a name those of all. Throws as install_timer does.
TimersRemoved uninstall_timers(project::Project& project, const std::string& backend);

/// How schedules stand on this machine.
struct TimerStanding {
  std::string backend;     ///< Chosen as install_timer does.
  bool installed = false;  ///< With all that belongs to it.
  TimerState state = {};   ///< Its problems are all there are, silence among them.
  std::optional<Timestamp> last_tick = std::nullopt;
  std::vector<ScheduleCount> repositories = {};
};

/// Opens each registered repository.
TimerStanding timer_standing(project::Project& project, const std::string& backend);

}  // namespace changeling::triggers
