#include <fmt/format.h>

#include "schedule/systemd_units.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/timer_backend.hpp"

namespace changeling::triggers {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view enable_by_hand =
    "systemctl --user daemon-reload && systemctl --user enable --now git-changeling.timer";

/// Where systemd looks for the user's units: the folder beside ours in the configuration.
fs::path units_folder(const Environment& environment) {
  if (const auto folder = environment.get("XDG_CONFIG_HOME"); folder && fs::path(*folder).is_absolute()) {
    return fs::path(*folder) / "systemd" / "user";
  }
  const auto home = environment.get("HOME");
  if (!home || !fs::path(*home).is_absolute()) {
    throw Error(ErrorKind::Invalid, "HOME is not set, so there is no place for systemd's units", "set HOME");
  }
  return fs::path(*home) / ".config" / "systemd" / "user";
}

ProcessResult systemctl(project::Project& project, std::vector<std::string> arguments) {
  Command command;
  command.arguments = {"systemctl", "--user"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = project.environment();
  return project.processes().run(command, std::chrono::seconds(30));
}

class SystemdBackend : public triggers::TimerBackend {
 public:
  explicit SystemdBackend(project::Project& project)
      : project_(project),
        folder_(units_folder(project.environment())),
        timer_(folder_ / schedule::systemd_timer_name),
        service_(folder_ / schedule::systemd_service_name) {}

  std::string name() const override { return "systemd"; }

  triggers::TimerState state() override {
    triggers::TimerState state;
    const auto timer = read_file_if_exists(timer_);
    const auto service = read_file_if_exists(service_);
    if (!timer && !service) return state;
    state.installed = true;
    state.line = fmt::format("OnCalendar={} in {}", schedule::systemd_calendar, timer_.string());
    state.current = timer == schedule::systemd_timer_unit() && service == service_unit();
    if (!triggers::user_systemd_runs(project_)) {
      state.problems.push_back(fmt::format(
          "the user's systemd does not answer, so nothing fires; once it runs: {}", enable_by_hand));
    } else if (!systemctl(project_, {"is-active", "--quiet", std::string(schedule::systemd_timer_name)})
                    .status.success()) {
      state.problems.push_back(fmt::format("the timer is not active; start it: {}", enable_by_hand));
    }
    return state;
  }

  bool install() override {
    static_cast<void>(triggers::tick_script_word(project_.environment()));
    const triggers::TimerState before = state();
    if (!before.current) {
      write_file(timer_, schedule::systemd_timer_unit());
      write_file(service_, service_unit());
    }
    if (triggers::user_systemd_runs(project_)) {
      run({"daemon-reload"});
      run({"enable", "--now", std::string(schedule::systemd_timer_name)});
    }
    return !before.current || !before.problems.empty();
  }

  bool uninstall() override {
    if (!state().installed) return false;
    const bool runs = triggers::user_systemd_runs(project_);
    // Fails when it was never enabled, which is as good.
    if (runs) systemctl(project_, {"disable", "--now", std::string(schedule::systemd_timer_name)});
    std::error_code ignored;
    fs::remove(folder_ / "timers.target.wants" / schedule::systemd_timer_name, ignored);
    for (const fs::path& unit : {timer_, service_}) {
      std::error_code error;
      fs::remove(unit, error);
      if (error) {
        throw Error(ErrorKind::Io, fmt::format("could not remove {}: {}", unit.string(), error.message()));
      }
    }
    if (runs) run({"daemon-reload"});
    return true;
  }

 private:
  std::string service_unit() const {
    return schedule::systemd_service_unit(triggers::tick_script_file(project_.environment()).string());
  }

  void run(const std::vector<std::string>& arguments) {
    const ProcessResult result = systemctl(project_, arguments);
    if (result.status.success()) return;
    throw Error(ErrorKind::External,
                fmt::format("systemctl --user {} failed: {}", join(arguments, " "), trim(result.error)));
  }

  project::Project& project_;
  fs::path folder_;
  fs::path timer_;
  fs::path service_;
};

}  // namespace

bool user_systemd_runs(project::Project& project) {
  if (!find_program("systemctl", project.environment())) return false;
  return systemctl(project, {"show", "--property=Version"}).status.success();
}

std::unique_ptr<triggers::TimerBackend> make_systemd_backend(project::Project& project) {
  return std::make_unique<SystemdBackend>(project);
}

}  // namespace changeling::triggers
