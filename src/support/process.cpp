#include "support/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>

namespace changeling {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatienceAfterTerm{2000};
constexpr milliseconds kLongSleep{3'600'000};
/// As kPatienceAfterTerm, when somebody waits for the end.
constexpr milliseconds kPatienceAfterStop{500};
/// How long Command::on_wait and Command::stop_requested wait at most.
constexpr milliseconds kWatchInterval{200};

}  // namespace

std::string ExitStatus::describe() const {
  if (code) return fmt::format("exit code {}", *code);
  if (!signal) return "unknown exit status";
  const char* description = ::sigdescr_np(*signal);
  return fmt::format("signal {} ({})", *signal, description != nullptr ? description : "unknown");
}

ProcessResult SystemProcessRunner::run(const Command& command, milliseconds time_limit) {
  ProcessResult result;
  auto child =
      ChildProcess::start(command, command.standard_input.empty() ? ChildProcess::StandardInput::Null
                                                                  : ChildProcess::StandardInput::Text);
  const auto collect_output = [&](std::string_view bytes) { result.output.append(bytes); };
  const auto collect_error = [&](std::string_view bytes) { result.error.append(bytes); };
  const auto pump = [&](milliseconds wait) {
    if (!command.on_wait && !command.stop_requested) return child.pump(wait, collect_output, collect_error);
    const bool goes_on = child.pump(std::min(wait, kWatchInterval), collect_output, collect_error);
    if (goes_on && command.on_wait) command.on_wait();
    if (goes_on && command.stop_requested && !result.stopped) result.stopped = command.stop_requested();
    return goes_on;
  };
  /// Returns whether the program still runs then.
  const auto pump_until = [&](steady_clock::time_point deadline, const auto& enough) {
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
      if (left <= milliseconds(0) || enough()) return true;
      if (!pump(left)) return false;
    }
  };

  const auto limit = time_limit > milliseconds(0) ? time_limit : kLongSleep * 1000;
  if (pump_until(steady_clock::now() + limit, [&] { return result.stopped; })) {
    result.timed_out = !result.stopped;
    child.signal_group(SIGTERM);
    pump_until(steady_clock::now() + (result.stopped ? kPatienceAfterStop : kPatienceAfterTerm),
               [] { return false; });
    child.signal_group(SIGKILL);  // Also when the leader ended in time: others of its group may not have.
    while (child.pump(kLongSleep, collect_output, collect_error)) {
    }
  }
  result.status = child.exit_status();
  return result;
}

std::string shell_quote(std::string_view word) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+:,./-";
  const bool is_option = word.starts_with('-');  // In front, NAME=VALUE would be an assignment.
  const bool needs_quotes =
      word.empty() || std::any_of(word.begin(), word.end(), [&](char letter) {
        return plain.find(letter) == std::string_view::npos && !(letter == '=' && is_option);
      });
  if (!needs_quotes) return std::string(word);
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

}  // namespace changeling
