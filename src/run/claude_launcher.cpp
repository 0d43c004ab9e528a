#include "run/claude_launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "run/output_tail.hpp"
#include "sandbox/confine.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t kKeptErrors = 8 * 1024;
constexpr std::size_t kShownError = 300;

std::optional<std::string> permission_mode(std::string_view permission) {
  constexpr std::string_view prefix = "mode:";
  if (permission.starts_with(prefix)) return std::string(permission.substr(prefix.size()));
  constexpr std::array<std::string_view, 7> modes{
      "acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan"};
  if (std::find(modes.begin(), modes.end(), permission) != modes.end()) return std::string(permission);
  return std::nullopt;
}

void set_default(Environment& environment, const std::string& name, const std::string& value) {
  if (!environment.get(name)) environment.set(name, value);
}

ChildProcess start(const LaunchRequest& request) {
  const Command command = claude_command(request);
  try {
    auto child =
        ChildProcess::start(sandbox::confine(command, request.walls), ChildProcess::StandardInput::Pipe);
    child.write_input(claude_message(request.prompt));
    return child;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    throw Error(
        ErrorKind::NotFound, fmt::format("agent '{}': {}", request.agent.name, error.what()),
        fmt::format("install Claude Code (npm install -g @anthropic-ai/claude-code), or name the program in "
                    "'command' under [agents.{}]",
                    request.agent.name));
  }
}

std::string login_problem(std::string_view reason) {
  return fmt::format(
      "Claude is not logged in ({}): type 'claude auth login' or let ANTHROPIC_API_KEY through", reason);
}

/// As login_problem() says it.
bool says_login_missing(const std::string& error) {
  return error.starts_with("Claude is not logged in");
}

bool is_login_problem(std::string_view text) {
  for (const std::string_view sign : {"Not logged in", "/login", "Invalid API key", "authentication_error"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

/// What an unsuccessful result means.
std::string explain_result(const LaunchRequest& request, const ClaudeStream& stream) {
  const ClaudeResult& result = *stream.result();
  if (result.subtype == "error_max_turns") {
    const auto turns = request.max_turns > 0 ? request.max_turns : stream.progress().turns.value_or(0);
    return fmt::format("reached {} turns", turns);
  }
  if (result.subtype == "error_max_budget_usd") {
    return fmt::format("spent ${:.2f} of a budget of ${:.2f}", stream.progress().cost_usd.value_or(0),
                       request.budget_usd);
  }
  std::string reason = first_line_of(result.text, kShownError);
  if (reason.empty()) reason = first_line_of(join(result.errors, "; "), kShownError);
  if (is_login_problem(reason)) return login_problem(reason);
  if (!reason.empty()) return reason;
  return fmt::format("ended with {}", result.subtype.empty() ? "an error" : result.subtype);
}

std::string explain_missing_result(const ExitStatus& status, const std::string& errors) {
  const std::string line = last_line_of(errors, kShownError);
  if (line.find("unknown option") != std::string::npos) {
    return fmt::format(
        "this claude is too old or an argument is wrong ({}): see 'claude --version', then type "
        "'claude update' or correct the arguments",
        line);
  }
  if (is_login_problem(line)) return login_problem(line);
  return fmt::format("ended without a result ({}){}{}", status.describe(), line.empty() ? "" : ": ", line);
}

/// Empty for a success.
std::string explain(const LaunchRequest& request, const ClaudeStream& stream, const Supervision& supervision,
                    const std::string& errors) {
  const bool ended_late = supervision.ended_by == EndedBy::LivedOnAfterResult;
  const std::string background = stream.background().describe();
  if (supervision.ended_by != EndedBy::Itself && !ended_late) {
    return describe(supervision.ended_by, limits_of(request)) +
           (background.empty() ? "" : fmt::format(", while this went on in the background: {}", background));
  }
  if (!stream.result()) return explain_missing_result(supervision.exit_status, errors);
  const ClaudeResult& result = *stream.result();
  const bool completed =
      result.terminal_reason.empty() ? result.subtype == "success" : result.terminal_reason == "completed";
  if (result.is_error || !completed) return explain_result(request, stream);
  if (result.is_cut_off) {
    return fmt::format("the model's last answer was cut off: {}", last_line_of(result.text, kShownError));
  }
  // Its end would have been the agent's cue to go on.
  if (!background.empty())
    return fmt::format("ended before what it had going on in the background: {}", background);
  // An agent that we had to end could not choose its exit code; its result stands.
  if (!ended_late && !supervision.exit_status.success()) {
    return fmt::format("ended with {} after a good result", supervision.exit_status.describe());
  }
  return "";
}

}  // namespace

std::vector<std::string> claude_permission_arguments(const std::vector<std::string>& permissions) {
  std::vector<std::string> arguments;
  std::string mode = permissions.empty() ? "acceptEdits" : "";
  std::vector<std::string> rules;
  for (const auto& permission : permissions) {
    if (auto named = permission_mode(permission)) {
      mode = *named;
    } else {
      rules.push_back(permission);
    }
  }
  if (!mode.empty()) arguments.insert(arguments.end(), {"--permission-mode", mode});
  if (!rules.empty()) arguments.insert(arguments.end(), {"--allowedTools", join(rules, ",")});
  return arguments;
}

namespace {

/// The program with `options`, then permissions, then the agent's and the request's own arguments.
Command command_with(const LaunchRequest& request, const std::vector<std::string>& options) {
  Command command;
  command.working_directory = request.worktree;
  command.descendants = Descendants::EndWithIt;
  command.environment = request.environment;
  set_default(*command.environment, "DISABLE_AUTOUPDATER", "1");
  set_default(*command.environment, "DISABLE_TELEMETRY", "1");
  set_default(*command.environment, "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");

  const auto& words = request.agent.command;
  auto& arguments = command.arguments;
  arguments = {words.empty() ? "claude" : words.front()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const auto permissions = claude_permission_arguments(request.permissions);
  arguments.insert(arguments.end(), permissions.begin(), permissions.end());
  if (!words.empty()) arguments.insert(arguments.end(), words.begin() + 1, words.end());
  arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
  return command;
}

}  // namespace

Command claude_command(const LaunchRequest& request) {
  std::vector<std::string> options{"-p",          "--input-format", "stream-json", "--output-format",
                                   "stream-json", "--verbose"};
  if (request.max_turns > 0)
    options.insert(options.end(), {"--max-turns", fmt::format("{}", request.max_turns)});
  if (request.budget_usd > 0)
    options.insert(options.end(), {"--max-budget-usd", fmt::format("{}", request.budget_usd)});
  return command_with(request, options);
}

Command interactive_claude_command(const LaunchRequest& request) {
  Command command = command_with(request, {});
  // Behind "--", since --allowedTools takes any number of words.
  command.arguments.insert(command.arguments.end(), {"--", request.prompt});
  return command;
}

std::string claude_message(const std::string& text) {
  const Json message{{"type", "user"}, {"message", {{"role", "user"}, {"content", text}}}};
  return message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

LaunchResult judge_claude(const LaunchRequest& request, const ClaudeStream& stream,
                          const Supervision& supervision, const std::string& errors) {
  LaunchResult result;
  result.ended_by = supervision.ended_by;
  result.exit_status = supervision.exit_status;
  result.error = explain(request, stream, supervision, errors);
  result.success = result.error.empty();
  result.login_missing = says_login_missing(result.error);
  result.over_budget = stream.result() && stream.result()->subtype == "error_max_budget_usd";
  result.denials = stream.denials();
  if (const auto& numbers = stream.refused_numbers(); !numbers.empty()) {
    result.remarks.push_back(
        fmt::format("the agent told numbers that cannot be, which are not counted: {}", join(numbers, ", ")));
  }
  result.session_id = stream.session_id();
  result.totals = stream.progress();
  if (stream.result()) {
    result.final_text = valid_utf8(stream.result()->text);
    result.structured_output = stream.result()->structured_output;
  }
  return result;
}

LaunchResult ClaudeLauncher::launch(const LaunchRequest& request, const LaunchObserver& observer) {
  ClaudeStream stream;
  OutputTail errors(kKeptErrors);
  Watchdog watchdog(limits_of(request), std::chrono::steady_clock::now());
  ChildProcess child = start(request);
  bool delivered = false;
  const auto waits = [&] {
    return (observer.waits_for_answer && observer.waits_for_answer()) ||
           (stream.at_rest() && observer.expects_message && observer.expects_message());
  };
  const auto settle = [&](std::chrono::steady_clock::time_point now) {
    if (stream.at_rest() && !waits()) {
      watchdog.note_rest(now);
      // So that it ends. What it was sent before, and the end of what went on in the background, it still
      // works on, in a turn of its own.
      if (!std::exchange(delivered, true)) child.close_input();
    } else {
      watchdog.note_work(now);
    }
  };
  const auto react = [&](const ClaudeStream::Seen& seen) {
    const auto now = std::chrono::steady_clock::now();
    if (seen.activity) watchdog.note_activity(now);
    settle(now);
    if (seen.progress && observer.on_progress) observer.on_progress(stream.progress());
  };
  SupervisionHooks hooks;
  hooks.on_output = [&](std::string_view bytes) {
    if (observer.on_transcript) observer.on_transcript(bytes);
    // One line at a time, so that each step of the agent is shown, also when several come at once.
    while (!bytes.empty()) {
      const auto line = bytes.substr(0, std::min(bytes.find('\n'), bytes.size() - 1) + 1);
      react(stream.feed(line));
      bytes.remove_prefix(line.size());
    }
  };
  hooks.on_error = [&](std::string_view bytes) {
    if (observer.on_transcript) observer.on_transcript(bytes);
    errors.append(bytes);
  };
  hooks.stop_requested = [&] {
    // Nothing that it prints tells that a question has its answer.
    if (stream.at_rest() && !delivered) settle(std::chrono::steady_clock::now());
    return observer.stop_requested ? observer.stop_requested() : EndedBy::Itself;
  };
  hooks.live = observer.live;
  hooks.waits_for_answer = waits;
  const ReceivingMessages receiving(
      observer.live,
      [&](const std::string& text) -> std::optional<std::string> {
        if (delivered) return "the agent has finished its work and takes no more messages";
        if (!child.write_input(claude_message(text))) return "the agent is ending";
        return std::nullopt;
      },
      [&] { return !stream.result(); });
  const Supervision supervision = supervise(child, request.run_id, watchdog, hooks);
  react(stream.finish());
  return judge_claude(request, stream, supervision, errors.text());
}

}  // namespace changeling::run
