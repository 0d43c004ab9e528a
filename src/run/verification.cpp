#include "run/verification.hpp"

#include <fmt/format.h>

#include "run/supervisor.hpp"
#include "run/watchdog.hpp"
#include "sandbox/confine.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

// Enough for a failing test's message in a pull request, small enough for a record.
constexpr std::size_t kept_output = 8 * 1024;

store::VerificationResult run_one(const std::string& line, const CommandSequence& sequence,
                                  const StopRequest& stop_requested, RunLog& log, EndedBy& ended_by) {
  Command command;
  command.arguments = {"/bin/sh", "-c", line};
  command.working_directory = sequence.directory;
  command.descendants = Descendants::EndWithIt;
  command.environment = sequence.environment;
  store::VerificationResult result;
  result.command = log.redactor()(line);
  std::string output;
  const auto collect = [&](std::string_view bytes) {
    log.output(bytes);
    output += bytes;
    if (output.size() > 4 * kept_output) output = last_part(output, 2 * kept_output);
  };
  log.note("$ " + line);
  const auto started = std::chrono::steady_clock::now();
  Watchdog watchdog({.time = sequence.time_limit, .silence = {}, .grace_after_result = {}}, started);
  auto child =
      ChildProcess::start(sandbox::confine(command, sequence.walls), ChildProcess::StandardInput::Null);
  const Supervision end =
      supervise(child, sequence.run_id, watchdog, {collect, collect, stop_requested, sequence.live});
  ended_by = end.ended_by;
  result.duration = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started);
  result.exit_code = end.exit_status.shell_code();
  result.passed = end.exit_status.success() && end.ended_by == EndedBy::Itself;
  result.output = valid_utf8(last_part(log.redactor().part(output), kept_output));
  if (end.ended_by == EndedBy::TimeLimit) {
    result.output +=
        fmt::format("\n(ended after the time limit of {})", format_duration(sequence.time_limit));
  }
  return result;
}

}  // namespace

SequenceResult run_commands(const CommandSequence& sequence, bool run_all, const StopRequest& stop_requested,
                            RunLog& log) {
  SequenceResult all;
  for (const std::string& line : sequence.commands) {
    all.results.push_back(run_one(line, sequence, stop_requested, log, all.ended_by));
    all.passed = all.passed && all.results.back().passed;
    if (all.ended_by == EndedBy::UserRequest || all.ended_by == EndedBy::LostLease) break;
    if (!all.passed && !run_all) break;
  }
  return all;
}

}  // namespace changeling::run
