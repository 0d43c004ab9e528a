#include <fmt/format.h>

#include "cli/tick_files.hpp"
#include "cli/timer_backend.hpp"
#include "schedule/systemd_units.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
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

ProcessResult systemctl(Context& context, std::vector<std::string> arguments) {
  Command command;
  command.arguments = {"systemctl", "--user"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = context.environment();
  return context.processes().run(command, std::chrono::seconds(30));
}

class SystemdBackend : public TimerBackend {
 public:
  explicit SystemdBackend(Context& context)
      : context_(context),
        folder_(units_folder(context.environment())),
        timer_(folder_ / schedule::systemd_timer_name),
        service_(folder_ / schedule::systemd_service_name) {}

  std::string name() const override { return "systemd"; }

  TimerState state() override {
    TimerState state;
    const auto timer = read_file_if_exists(timer_);
    const auto service = read_file_if_exists(service_);
    if (!timer && !service) return state;
    state.installed = true;
    state.line = fmt::format("OnCalendar={} in {}", schedule::systemd_calendar, timer_.string());
    state.current = timer == schedule::systemd_timer_unit() && service == service_unit();
    if (!user_systemd_runs(context_)) {
      state.problems.push_back(fmt::format(
          "the user's systemd does not answer, so nothing fires; once it runs: {}", enable_by_hand));
    } else if (!systemctl(context_, {"is-active", "--quiet", std::string(schedule::systemd_timer_name)})
                    .status.success()) {
      state.problems.push_back(fmt::format("the timer is not active; start it: {}", enable_by_hand));
    }
    return state;
  }

  bool install() override {
    const TimerState before = state();
    if (!before.current) {
      write_file(timer_, schedule::systemd_timer_unit());
      write_file(service_, service_unit());
    }
    if (user_systemd_runs(context_)) {
      run({"daemon-reload"});
      run({"enable", "--now", std::string(schedule::systemd_timer_name)});
    }
    return !before.current || !before.problems.empty();
  }

  bool uninstall() override {
    if (!state().installed) return false;
    const bool runs = user_systemd_runs(context_);
    // Fails when it was never enabled, which is as good.
    if (runs) systemctl(context_, {"disable", "--now", std::string(schedule::systemd_timer_name)});
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
    return schedule::systemd_service_unit(tick_script_file(context_.environment()).string());
  }

  void run(const std::vector<std::string>& arguments) {
    const ProcessResult result = systemctl(context_, arguments);
    if (result.status.success()) return;
    throw Error(ErrorKind::External,
                fmt::format("systemctl --user {} failed: {}", join(arguments, " "), trim(result.error)));
  }

  Context& context_;
  fs::path folder_;
  fs::path timer_;
  fs::path service_;
};

}  // namespace

bool user_systemd_runs(Context& context) {
  if (!find_program("systemctl", context.environment())) return false;
  return systemctl(context, {"show", "--property=Version"}).status.success();
}

std::unique_ptr<TimerBackend> make_systemd_backend(Context& context) {
  return std::make_unique<SystemdBackend>(context);
}

}  // namespace changeling::cli
