#include "triggers/timer_installation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/registered_repositories.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/tick_script.hpp"
#include "triggers/timer_notice.hpp"

namespace changeling::triggers {
namespace {

namespace fs = std::filesystem;
using Backends = std::vector<std::unique_ptr<TimerBackend>>;

Backends all_backends(project::Project& project) {
  Backends all;
  all.push_back(make_systemd_backend(project));
  all.push_back(make_cron_backend(project));
  return all;
}

TimerBackend& choose(project::Project& project, const Backends& all, std::string name) {
  for (const auto& backend : all) {
    if (name.empty() && backend->state().installed) return *backend;
  }
  if (name.empty()) name = user_systemd_runs(project) ? "systemd" : "cron";
  return **std::find_if(all.begin(), all.end(), [&](const auto& backend) { return backend->name() == name; });
}

/// Where this program is, as PATH names it: that stays right when a link is set to a newer version.
fs::path program_on_path(const Environment& environment) {
  const fs::path self = fs::read_symlink("/proc/self/exe");
  const auto found = find_program("git-changeling", environment);
  std::error_code error;
  if (found && found->is_absolute() && fs::equivalent(*found, self, error)) return *found;
  return self;
}

/// Writes the script that the timers run; returns whether it was another one before.
bool write_script(const Environment& environment) {
  const std::string text = tick_script(program_on_path(environment), tick_log_file(environment), environment);
  const fs::path file = tick_script_file(environment);
  if (read_file_if_exists(file) == text) return false;
  write_file(file, text);
  return true;
}

void remove_script(const Environment& environment) {
  std::error_code ignored;
  fs::remove(tick_script_file(environment), ignored);
}

bool in_a_repository(project::Project& project) {
  try {
    project.repository();
    return true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::NotFound) return false;
    throw;
  }
}

FileLock only_one(const Environment& environment) {
  auto lock = FileLock::acquire(tick_script_file(environment).string() + ".lock", std::chrono::seconds(30));
  if (lock) return std::move(*lock);
  throw Error(ErrorKind::Unavailable, "another git changeling schedule is at work", "try again");
}

/// The others whose timers are installed. Also throws for a damaged one, before anything is written.
std::vector<TimerBackend*> others_installed(const Backends& all, const TimerBackend& chosen) {
  std::vector<TimerBackend*> others;
  for (const auto& backend : all) {
    if (backend.get() != &chosen && backend->state().installed) others.push_back(backend.get());
  }
  return others;
}

/// Returns whether anything was written. The script stays only where a timer runs it.
bool write_timer(const Environment& environment, TimerBackend& chosen) {
  const bool had_script = fs::exists(tick_script_file(environment));
  const bool changed = write_script(environment);
  try {
    return chosen.install() || changed;
  } catch (const Error&) {
    if (!had_script) remove_script(environment);
    throw;
  }
}

std::optional<fs::path> register_here(project::Project& project) {
  const fs::path repository = project.repository().common_directory();
  if (project::RegisteredRepositories(project.environment()).add(repository)) return repository;
  return std::nullopt;
}

/// What cannot be seen from the timer alone.
void add_problems(project::Project& project, bool has_script, TimerStanding& standing) {
  TimerState& state = standing.state;
  if (state.installed && (!state.current || !has_script)) {
    state.problems.emplace_back(
        "what is installed is incomplete, of an older form, or was edited; write it again: git changeling "
        "schedule install");
  }
  if (!standing.installed || !state.problems.empty()) return;
  if (const std::string silence = silence_of_timer(project); !silence.empty()) {
    state.problems.push_back(fmt::format("{}; see its log, and what {} says",
                                         silence.substr(0, silence.rfind(": ")), standing.backend));
  }
}

}  // namespace

TimerInstalled install_timer(project::Project& project, const std::string& backend) {
  const Environment& environment = project.environment();
  const bool here = in_a_repository(project);
  if (here) project.require_state();
  const FileLock lock = only_one(environment);
  const Backends all = all_backends(project);
  TimerBackend& chosen = choose(project, all, backend);
  TimerInstalled installed{chosen.name(), chosen.state().installed};
  const std::vector<TimerBackend*> others = others_installed(all, chosen);
  installed.changed = write_timer(environment, chosen);
  // Two timers would look twice a minute.
  for (TimerBackend* other : others) {
    if (other->uninstall()) installed.replaced.push_back(other->name());
  }
  if (here) installed.registered = register_here(project);
  installed.state = chosen.state();
  return installed;
}

TimersRemoved uninstall_timers(project::Project& project, const std::string& backend) {
  const FileLock lock = only_one(project.environment());
  TimersRemoved removed;
  bool is_one_left = false;
  for (const auto& one : all_backends(project)) {
    const TimerState state = one->state();
    if (!backend.empty() && one->name() != backend) {
      is_one_left = is_one_left || state.installed;
    } else if (!state.installed) {
      removed.problems.insert(removed.problems.end(), state.problems.begin(), state.problems.end());
    } else if (one->uninstall()) {
      removed.backends.push_back(one->name());
    }
  }
  if (!is_one_left) remove_script(project.environment());
  return removed;
}

TimerStanding timer_standing(project::Project& project, const std::string& backend) {
  const Environment& environment = project.environment();
  const Backends all = all_backends(project);
  TimerBackend& chosen = choose(project, all, backend);
  const bool has_script = fs::exists(tick_script_file(environment));
  TimerStanding standing{chosen.name(), false, chosen.state(), last_tick(environment)};
  standing.installed = standing.state.installed && has_script;
  add_problems(project, has_script, standing);
  standing.repositories = count_schedules(environment, project::RegisteredRepositories(environment).list());
  return standing;
}

}  // namespace changeling::triggers
