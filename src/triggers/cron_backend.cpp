#include <fmt/format.h>

#include <array>

#include "schedule/crontab.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/timer_backend.hpp"

namespace changeling::triggers {
namespace {

namespace fs = std::filesystem;

/// Whether a cron daemon is among the processes. Without /proc it is taken for granted.
bool cron_runs() {
  static constexpr auto daemons =
      std::to_array<std::string_view>({"cron", "crond", "fcron", "systemd-cron", "anacron", "dcron"});
  std::error_code error;
  bool seen_any = false;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    const auto command = read_regular_file(entry.path() / "comm", 64);
    if (!command) continue;
    seen_any = true;
    for (const std::string_view daemon : daemons) {
      if (trim(*command) == daemon) return true;
    }
  }
  return !seen_any;
}

class CronBackend : public triggers::TimerBackend {
 public:
  explicit CronBackend(project::Project& project) : project_(project) {}

  std::string name() const override { return "cron"; }

  triggers::TimerState state() override {
    triggers::TimerState state;
    if (!has_program()) return state;
    std::optional<std::string> crontab;
    try {
      crontab = read();
    } catch (const Error& error) {
      // Whoever may not use cron can still use the other backend.
      state.problems.emplace_back(error.what());
      return state;
    }
    const auto block = schedule::find_crontab_block(crontab.value_or(""));
    if (!block) return state;
    state.installed = true;
    state.line = block->line;
    state.current = block->line == line();
    if (!cron_runs()) {
      state.problems.emplace_back(
          "no cron daemon runs, so nothing fires; start it: systemctl enable --now cron, or: service cron "
          "start");
    }
    return state;
  }

  bool install() override {
    require_program();
    static_cast<void>(triggers::tick_script_word(project_.environment()));
    const auto before = read();
    const std::string after = schedule::with_crontab_block(before, line());
    if (before == after) return false;
    write(after);
    return true;
  }

  bool uninstall() override {
    if (!has_program()) return false;
    const auto before = read();
    if (!before || !schedule::find_crontab_block(*before)) return false;
    const auto after = schedule::without_crontab_block(*before);
    if (after) {
      restore(*after);
    } else {
      run({"crontab", "-r"}, "");
    }
    return true;
  }

 private:
  std::string line() const {
    return schedule::crontab_line(shell_quote(triggers::tick_script_file(project_.environment()).string()));
  }

  bool has_program() const { return find_program("crontab", project_.environment()).has_value(); }

  void require_program() const {
    if (has_program()) return;
    throw Error(ErrorKind::Unavailable, "there is no program crontab on PATH",
                "install cron (Debian: apt-get install cron), or: git changeling schedule install --backend "
                "systemd");
  }

  ProcessResult try_run(const std::vector<std::string>& arguments, const std::string& input) {
    Command command;
    command.arguments = arguments;
    command.environment = project_.environment();
    command.environment->set("LC_ALL", "C");
    command.environment->set("VISUAL", "cat");
    command.environment->set("EDITOR", "cat");
    command.standard_input = input;
    return project_.processes().run(command, std::chrono::seconds(30));
  }

  static Error failure(const std::vector<std::string>& arguments, const ProcessResult& result) {
    const std::string said(trim(result.error));
    return Error(ErrorKind::External, fmt::format("{} failed: {}", join(arguments, " "),
                                                  said.empty() ? result.status.describe() : said));
  }

  void run(const std::vector<std::string>& arguments, const std::string& input) {
    const ProcessResult result = try_run(arguments, input);
    if (!result.status.success()) throw failure(arguments, result);
  }

  /// Nothing when the user has no crontab.
  std::optional<std::string> read() {
    const std::vector<std::string> arguments{"crontab", "-l"};
    const ProcessResult result = try_run(arguments, "");
    if (result.status.success()) {
      // Debian's crontab shows a carriage return as a backslash and an r, and would take it back as these
      // two.
      return result.output.find("\\r") == std::string::npos ? result.output : read_exactly();
    }
    // Anything else must not be taken for an empty crontab: writing would then lose the user's.
    if (result.error.find("no crontab for") != std::string::npos) return std::nullopt;
    throw failure(arguments, result);
  }

  /// The bytes as an editor gets them; cat is one that changes nothing.
  std::string read_exactly() {
    const std::vector<std::string> arguments{"crontab", "-e"};
    const ProcessResult result = try_run(arguments, "");
    if (!result.status.success()) throw failure(arguments, result);
    return result.output;
  }

  void write(const std::string& text) { run({"crontab", "-"}, text); }

  /// Debian's crontab takes no text that lacks the final newline, however it came to be in place.
  void restore(const std::string& text) {
    const std::vector<std::string> arguments{"crontab", "-"};
    const ProcessResult result = try_run(arguments, text);
    if (result.status.success()) return;
    if (text.empty() || text.ends_with('\n')) throw failure(arguments, result);
    write(text + "\n");
  }

  project::Project& project_;
};

}  // namespace

std::unique_ptr<triggers::TimerBackend> make_cron_backend(project::Project& project) {
  return std::make_unique<CronBackend>(project);
}

}  // namespace changeling::triggers
