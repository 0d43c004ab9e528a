#include "server/installation.hpp"

#include <fmt/format.h>

#include "project/own_program.hpp"
#include "server/listener.hpp"
#include "server/unit_files.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds(30);
constexpr std::string_view start_by_hand =
    "systemctl --user daemon-reload && systemctl --user enable --now git-changeling-serve.socket "
    "git-changeling-serve.service";

/// Where systemd looks for the user's units.
fs::path units_folder(const Environment& environment) {
  if (const auto folder = environment.get("XDG_CONFIG_HOME"); folder && fs::path(*folder).is_absolute())
    return fs::path(*folder) / "systemd" / "user";
  const auto home = environment.get("HOME");
  if (!home || !fs::path(*home).is_absolute())
    throw Error(ErrorKind::Invalid, "HOME is not set, so there is no place for systemd's units", "set HOME");
  return fs::path(*home) / ".config" / "systemd" / "user";
}

class Units {
 public:
  explicit Units(const Environment& environment)
      : environment_(environment),
        folder_(units_folder(environment)),
        service_(folder_ / service_unit_name),
        socket_(folder_ / socket_unit_name) {}

  const fs::path& service() const { return service_; }
  bool is_there() const { return read_file_if_exists(service_) || read_file_if_exists(socket_); }
  bool says(const UnitFacts& facts) const {
    return read_file_if_exists(service_) == service_unit(facts) &&
           read_file_if_exists(socket_) == socket_unit(facts);
  }
  void write(const UnitFacts& facts) const {
    write_file(service_, service_unit(facts));
    write_file(socket_, socket_unit(facts));
  }
  void remove() const {
    for (const fs::path& unit : {service_, socket_}) {
      std::error_code problem;
      fs::remove(unit, problem);
      if (problem)
        throw Error(ErrorKind::Io, fmt::format("could not remove {}: {}", unit.string(), problem.message()));
    }
  }

  bool systemd_answers() const {
    return find_program("systemctl", environment_) &&
           systemctl({"show", "--property=Version"}).status.success();
  }
  bool is_active() const {
    return systemd_answers() &&
           systemctl({"is-active", "--quiet", std::string(service_unit_name)}).status.success();
  }
  /// Throws Error(External) with what systemctl said.
  void run(const std::vector<std::string>& words) const {
    const ProcessResult result = systemctl(words);
    if (!result.status.success())
      throw Error(ErrorKind::External,
                  fmt::format("systemctl --user {} failed: {}", join(words, " "), trim(result.error)));
  }
  void run_both(std::vector<std::string> words) const {
    words.insert(words.end(), {std::string(socket_unit_name), std::string(service_unit_name)});
    run(words);
  }

 private:
  ProcessResult systemctl(const std::vector<std::string>& words) const {
    Command command;
    command.arguments = {"systemctl", "--user"};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    command.environment = environment_;
    return SystemProcessRunner().run(command, patience);
  }

  const Environment& environment_;
  fs::path folder_;
  fs::path service_;
  fs::path socket_;
};

UnitFacts facts_of(const ServeOptions& options, const Environment& environment) {
  return {project::helper_program("git-changeling-serve").string(), words_of(options),
          environment.get("PATH").value_or("/usr/local/bin:/usr/bin:/bin"), read_place(options.listen)};
}

Json described(const Units& units, bool is_current, const std::string& problem) {
  return {{"installed", units.is_there()},
          {"current", is_current},
          {"active", units.is_active()},
          {"unit", units.service().string()},
          {"problem", problem.empty() ? Json(nullptr) : Json(problem)}};
}

std::string problem_of(const Units& units, bool is_current) {
  if (!units.is_there()) return "";
  if (!units.systemd_answers())
    return fmt::format("the user's systemd does not answer; once it runs: {}", start_by_hand);
  if (!is_current)
    return "the units are of other options or an older program; again: git changeling serve install";
  if (!units.is_active()) return "the service does not run; see: journalctl --user -u git-changeling-serve";
  return "";
}

}  // namespace

std::vector<std::string> words_of(const ServeOptions& options) {
  std::vector<std::string> words;
  for (const std::string& directory : options.scope.directories)
    words.insert(words.end(), {"-C", fs::absolute(directory).lexically_normal().string()});
  words.insert(words.end(), {"--listen", options.listen});
  if (options.scope.all) words.emplace_back("--all");
  if (options.allow_remote) words.emplace_back("--allow-remote");
  words.insert(words.end(), {"--workers", std::to_string(options.task_workers)});
  words.insert(words.end(), {"--processes", std::to_string(options.processes)});
  words.insert(words.end(), {"--drain", format_duration(options.drain_time)});
  words.insert(words.end(), {"--request-limit", format_duration(options.request_time)});
  return words;
}

InstallationAnswer install_service(const ServeOptions& options, const Environment& environment) {
  const UnitFacts facts = facts_of(options, environment);
  refuse_other_machines(facts.place, options);
  const Units units(environment);
  units.write(facts);
  if (units.systemd_answers()) {
    units.run({"daemon-reload"});
    units.run_both({"enable"});
    units.run_both({"restart"});
  }
  const std::string problem = problem_of(units, true);
  std::string text = fmt::format("Wrote {} and its socket.", units.service().string());
  text += problem.empty() ? fmt::format("\nIt listens at {}; a login link: git changeling serve login",
                                        url_of(facts.place))
                          : "\nwarning: " + problem;
  return {described(units, true, problem), text};
}

InstallationAnswer uninstall_service(const Environment& environment) {
  const Units units(environment);
  if (!units.is_there()) return {described(units, false, ""), "The service is not installed."};
  const bool answers = units.systemd_answers();
  if (answers) units.run_both({"disable", "--now"});
  units.remove();
  if (answers) units.run({"daemon-reload"});
  return {described(units, false, ""), "The service is gone."};
}

InstallationAnswer service_status(const ServeOptions& options, const Environment& environment) {
  const Units units(environment);
  const bool is_current = units.is_there() && units.says(facts_of(options, environment));
  const std::string problem = problem_of(units, is_current);
  const std::string text = !units.is_there() ? "The service is not installed: git changeling serve install"
                           : problem.empty()
                               ? fmt::format("The service runs, by {}", units.service().string())
                               : "warning: " + problem;
  return {described(units, is_current, problem), text};
}

}  // namespace changeling::server
