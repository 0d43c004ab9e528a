#include <fmt/format.h>

#include <algorithm>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/registered_repositories.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "triggers/schedule_counts.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/tick_script.hpp"
#include "triggers/timer_backend.hpp"
#include "triggers/timer_notice.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::unique_ptr<triggers::TimerBackend>> backends(Context& context) {
  std::vector<std::unique_ptr<triggers::TimerBackend>> all;
  all.push_back(triggers::make_systemd_backend(context));
  all.push_back(triggers::make_cron_backend(context));
  return all;
}

/// The one with the name; without one the installed one, else systemd where it runs, else cron.
triggers::TimerBackend& choose(Context& context,
                               const std::vector<std::unique_ptr<triggers::TimerBackend>>& all,
                               std::string name) {
  for (const auto& backend : all) {
    if (name.empty() && backend->state().installed) return *backend;
  }
  if (name.empty()) name = triggers::user_systemd_runs(context) ? "systemd" : "cron";
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
  const std::string text =
      triggers::tick_script(program_on_path(environment), triggers::tick_log_file(environment), environment);
  const fs::path file = triggers::tick_script_file(environment);
  if (read_file_if_exists(file) == text) return false;
  write_file(file, text);
  return true;
}

void remove_script(const Environment& environment) {
  std::error_code ignored;
  fs::remove(triggers::tick_script_file(environment), ignored);
}

bool in_a_repository(Context& context) {
  try {
    context.repository();
    return true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::NotFound) return false;
    throw;
  }
}

FileLock only_one(const Environment& environment) {
  auto lock =
      FileLock::acquire(triggers::tick_script_file(environment).string() + ".lock", std::chrono::seconds(30));
  if (lock) return std::move(*lock);
  throw Error(ErrorKind::Unavailable, "another git changeling schedule is at work", "try again");
}

Answer install(Context& context, const std::string& name) {
  const Environment& environment = context.environment();
  const bool here = in_a_repository(context);
  if (here) context.require_state();
  const FileLock lock = only_one(environment);
  const auto all = backends(context);
  triggers::TimerBackend& chosen = choose(context, all, name);
  const bool had_script = fs::exists(triggers::tick_script_file(environment));
  const bool was_installed = chosen.state().installed;
  // Also tells of a damaged block of the other one before anything is written.
  std::vector<triggers::TimerBackend*> others;
  for (const auto& backend : all) {
    if (backend.get() != &chosen && backend->state().installed) others.push_back(backend.get());
  }
  bool changed = write_script(environment);
  try {
    changed = chosen.install() || changed;
  } catch (const Error&) {
    if (!had_script) remove_script(environment);
    throw;
  }
  Answer answer;
  // Two timers would look twice a minute.
  for (triggers::TimerBackend* other : others) {
    if (other->uninstall()) answer.text += fmt::format("Removed the timer of {}\n", other->name());
  }
  answer.text += fmt::format("{} for {}: git-changeling tick, once a minute\n",
                             !was_installed ? "Installed"
                             : changed      ? "Updated"
                                            : "Already installed",
                             chosen.name());
  if (here) {
    const fs::path repository = context.repository().common_directory();
    if (project::RegisteredRepositories(environment).add(repository)) {
      answer.text += fmt::format("Its schedules start from now on: {}\n", repository.string());
    }
  }
  const triggers::TimerState state = chosen.state();
  for (const std::string& problem : state.problems) context.message(fmt::format("warning: {}", problem));
  answer.json = {{"installed", true},
                 {"changed", changed},
                 {"backend", chosen.name()},
                 {"line", state.line},
                 {"problems", state.problems}};
  if (chosen.name() == "systemd" && state.problems.empty()) {
    answer.next = "it runs while you are logged in; at all times: loginctl enable-linger";
  }
  return answer;
}

Answer uninstall(Context& context, const std::string& name) {
  const FileLock lock = only_one(context.environment());
  Answer answer{{{"removed", Json::array()}}, "", 0};
  bool left = false;
  for (const auto& backend : backends(context)) {
    const triggers::TimerState state = backend->state();
    if (!name.empty() && backend->name() != name) {
      left = left || state.installed;
    } else if (!state.installed) {
      for (const std::string& problem : state.problems) context.message(fmt::format("warning: {}", problem));
    } else if (backend->uninstall()) {
      answer.json["removed"].push_back(backend->name());
      answer.text += fmt::format("Removed the timer of {}\n", backend->name());
    }
  }
  if (!left) remove_script(context.environment());
  if (answer.text.empty()) context.message("nothing was installed");
  return answer;
}

Json repository_json(const triggers::ScheduleCount& count) {
  return {{"path", count.repository.string()},
          {"exists", count.exists},
          {"scheduled", count.scheduled},
          {"problem", count.problem.empty() ? Json(nullptr) : Json(count.problem)}};
}

std::string repositories_text(const std::vector<triggers::ScheduleCount>& counts, const Terminal& terminal) {
  if (counts.empty()) return "no repository is looked at; in one: git changeling schedule install\n";
  std::vector<std::vector<TableCell>> rows{{{"SCHEDULES", Style::Dim}, {"REPOSITORY", Style::Dim}}};
  std::string hints;
  for (const triggers::ScheduleCount& count : counts) {
    TableCell number{fmt::format("{}", count.scheduled)};
    if (!count.problem.empty()) number = {"unreadable", Style::Red};
    if (!count.exists) number = {"gone", Style::Red};
    rows.push_back({number, {count.repository.string()}});
    if (!count.exists) {
      hints +=
          fmt::format("gone: git changeling schedule forget {}\n", shell_quote(count.repository.string()));
    } else if (!count.problem.empty()) {
      hints += fmt::format("{}: {}\n", count.repository.string(), count.problem);
    }
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color) +
         hints;
}

Answer status(Context& context, const std::string& name) {
  const Environment& environment = context.environment();
  const auto all = backends(context);
  triggers::TimerBackend& chosen = choose(context, all, name);
  triggers::TimerState state = chosen.state();
  const bool script_is_there = fs::exists(triggers::tick_script_file(environment));
  if (state.installed && (!state.current || !script_is_there)) {
    state.problems.emplace_back(
        "what is installed is incomplete, of an older form, or was edited; write it "
        "again: git changeling schedule install");
  }
  const bool installed = state.installed && script_is_there;
  const auto ticked = triggers::last_tick(environment);
  const Timestamp now = context.clock().now();
  if (installed && state.problems.empty()) {
    if (const std::string silence = triggers::silence_of_timer(context); !silence.empty())
      state.problems.push_back(fmt::format("{}; see its log, and what {} says",
                                           silence.substr(0, silence.rfind(": ")), chosen.name()));
  }
  const std::vector<triggers::ScheduleCount> counts =
      triggers::count_schedules(environment, project::RegisteredRepositories(environment).list());

  Answer answer;
  answer.exit_code = installed ? 0 : 1;
  answer.json = {{"installed", installed},
                 {"backend", chosen.name()},
                 {"line", state.installed ? Json(state.line) : Json(nullptr)},
                 {"log", triggers::tick_log_file(environment).string()},
                 {"last_tick", json_or_null(ticked)},
                 {"problems", state.problems},
                 {"repositories", Json::array()}};
  for (const triggers::ScheduleCount& count : counts)
    answer.json["repositories"].push_back(repository_json(count));

  const auto row = [&](std::string_view label, const std::string& text) {
    return fmt::format("{} {}\n", styled(fmt::format("{:<9}", label), Style::Dim, context.terminal().color),
                       text);
  };
  answer.text = row("timer", state.installed ? chosen.name() : "not installed");
  if (state.installed) answer.text += row("line", state.line);
  answer.text += row("last tick", ticked ? describe_relative(*ticked, now) : "never");
  answer.text += row("log", triggers::tick_log_file(environment).string());
  for (const std::string& problem : state.problems) answer.text += row("problem", problem);
  answer.text += "\n" + repositories_text(counts, context.terminal());
  if (!state.installed) answer.next = "next: git changeling schedule install";
  return answer;
}

Answer forget(Context& context, const std::string& path) {
  project::RegisteredRepositories registered(context.environment());
  fs::path repository;
  if (path.empty()) {
    repository = context.repository().common_directory();
  } else {
    repository = fs::path(path).is_absolute() ? fs::path(path) : fs::current_path() / path;
    repository = repository.lexically_normal();
  }
  // The folder of a repository will do, also when it is gone.
  std::vector<fs::path> candidates{repository, repository / ".git"};
  std::error_code error;
  if (const fs::path canonical = fs::canonical(repository, error); !error) {
    candidates.push_back(canonical);
    candidates.push_back(canonical / ".git");
  }
  for (const fs::path& candidate : candidates) {
    if (!registered.remove(candidate)) continue;
    return {
        {{"forgotten", candidate.string()}},
        fmt::format("Forgot {}; its schedules start nothing on this machine any more\n", candidate.string()),
        0};
  }
  throw Error(ErrorKind::NotFound, fmt::format("{} is not among the repositories", repository.string()),
              "see: git changeling schedule status");
}

std::shared_ptr<std::string> backend_option(Syntax& syntax, const std::string& help) {
  auto backend = std::make_shared<std::string>();
  syntax.value("--backend", *backend, help).value_name("BACKEND").one_of({"cron", "systemd"});
  return backend;
}

}  // namespace

CommandSpec schedule_install_command() {
  return {"schedule install", "Let this machine look once a minute what is due",
          "Puts one marked block into your crontab, or a timer into your systemd, that runs git-changeling "
          "tick. It serves all repositories: the one this is called in, and every one in which a schedule is "
          "added, enabled or trusted. Done again, it brings an older form and the captured PATH up to date.",
          [](Syntax& syntax) -> Action {
            const auto backend = backend_option(
                syntax,
                "cron or systemd (default: what is installed, else systemd where it runs, else cron)");
            return [backend](Context& context) { return install(context, *backend); };
          },
          Needs::Nothing};
}

CommandSpec schedule_uninstall_command() {
  return {"schedule uninstall", "Take the timer out again",
          "The crontab is left as it was before. The list of repositories and the log stay.",
          [](Syntax& syntax) -> Action {
            const auto backend = backend_option(syntax, "cron or systemd (default: both)");
            return [backend](Context& context) { return uninstall(context, *backend); };
          },
          Needs::Nothing};
}

CommandSpec schedule_status_command() {
  return {"schedule status", "Show whether schedules start anything on this machine",
          "Ends with 1 when no timer is installed.",
          [](Syntax& syntax) -> Action {
            const auto backend = backend_option(syntax, "cron or systemd (default: what is installed)");
            return [backend](Context& context) { return status(context, *backend); };
          },
          Needs::Nothing};
}

CommandSpec schedule_forget_command() {
  return {
      "schedule forget", "Start nothing by schedule in a repository any more",
      "On this machine and for you alone. It comes back when a schedule is added, enabled or trusted in it.",
      [](Syntax& syntax) -> Action {
        auto path = std::make_shared<std::string>();
        syntax.value("path", *path, "Folder of the repository (default: the one you are in)")
            .value_name("PATH");
        return [path](Context& context) { return forget(context, *path); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
