#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/registered_repositories.hpp"
#include "support/process.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/timer_installation.hpp"
#include "view/timer.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;

void tell_problems(Context& context, const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) context.message(fmt::format("warning: {}", problem));
}

std::string removed_text(const std::vector<std::string>& backends) {
  std::string text;
  for (const std::string& backend : backends) text += fmt::format("Removed the timer of {}\n", backend);
  return text;
}

std::string_view what_happened(const triggers::TimerInstalled& installed) {
  if (!installed.was_installed) return "Installed";
  return installed.changed ? "Updated" : "Already installed";
}

Answer install(Context& context, const std::string& name) {
  const triggers::TimerInstalled installed = triggers::install_timer(context, name);
  Answer answer{view::to_json(installed), removed_text(installed.replaced)};
  answer.text += fmt::format("{} for {}: git-changeling tick, once a minute\n", what_happened(installed),
                             installed.backend);
  if (installed.registered)
    answer.text += fmt::format("Its schedules start from now on: {}\n", installed.registered->string());
  tell_problems(context, installed.state.problems);
  if (installed.backend == "systemd" && installed.state.problems.empty())
    answer.next = "it runs while you are logged in; at all times: loginctl enable-linger";
  return answer;
}

Answer uninstall(Context& context, const std::string& name) {
  const triggers::TimersRemoved removed = triggers::uninstall_timers(context, name);
  tell_problems(context, removed.problems);
  if (removed.backends.empty()) context.message("nothing was installed");
  return {view::to_json(removed), removed_text(removed.backends)};
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

std::string timer_text(const triggers::TimerStanding& standing, const fs::path& log, Context& context) {
  const auto row = [&](std::string_view label, const std::string& text) {
    return fmt::format("{} {}\n", styled(fmt::format("{:<9}", label), Style::Dim, context.terminal().color),
                       text);
  };
  const triggers::TimerState& state = standing.state;
  std::string text = row("timer", state.installed ? standing.backend : "not installed");
  if (state.installed) text += row("line", state.line);
  text += row("last tick",
              standing.last_tick ? describe_relative(*standing.last_tick, context.clock().now()) : "never");
  text += row("log", log.string());
  for (const std::string& problem : state.problems) text += row("problem", problem);
  return text;
}

Answer status(Context& context, const std::string& name) {
  const triggers::TimerStanding standing = triggers::timer_standing(context, name);
  const fs::path log = triggers::tick_log_file(context.environment());
  Answer answer{view::to_json(standing, log.string()),
                timer_text(standing, log, context) + "\n" +
                    repositories_text(standing.repositories, context.terminal())};
  answer.exit_code = standing.installed ? 0 : 1;
  if (!standing.state.installed) answer.next = "next: git changeling schedule install";
  return answer;
}

Answer forget(Context& context, const std::string& path) {
  const std::string forgotten = project::forget_repository(context, path).string();
  return {{{"forgotten", forgotten}},
          fmt::format("Forgot {}; its schedules start nothing on this machine any more\n", forgotten)};
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
