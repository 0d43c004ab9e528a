#include "run/command_launcher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/output_tail.hpp"
#include "run/supervisor.hpp"
#include "sandbox/confine.hpp"
#include "support/error.hpp"
#include "support/terminal_codes.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t kKeptOutput = 64 * 1024;
constexpr std::size_t kKeptErrors = 8 * 1024;
constexpr int kShellFoundNoProgram = 127;

bool takes_prompt(const std::string& argument) {
  return argument.find("{prompt}") != std::string::npos ||
         argument.find("{prompt_file}") != std::string::npos;
}

std::string explain(const LaunchRequest& request, const ExitStatus& status, const OutputTail& errors) {
  const std::string what =
      request.command_line.empty() ? fmt::format("agent '{}'", request.agent.name) : "the command";
  std::string sentence = fmt::format("{} ended with {}", what, status.describe());
  if (const auto line = errors.last_line(); !line.empty()) sentence += ": " + line;
  if (status.code == kShellFoundNoProgram) {
    sentence += " (127 means that a program was not found: install it or correct the command)";
  }
  return sentence;
}

ChildProcess start(const LaunchRequest& request, const Command& command) {
  using Input = ChildProcess::StandardInput;
  try {
    const Command held = sandbox::confine(command, request.walls);
    if (request.agent.input == AgentInput::Lines) return ChildProcess::start(held, Input::Pipe);
    return ChildProcess::start(held, command.standard_input.empty() ? Input::Null : Input::Text);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound || !request.command_line.empty()) throw;
    throw Error(ErrorKind::NotFound, fmt::format("agent '{}': {}", request.agent.name, error.what()),
                fmt::format("install '{}', or name another program in 'command' under [agents.{}]",
                            command.arguments.front(), request.agent.name));
  }
}

LiveServer::Receiver receiver_for(const LaunchRequest& request, ChildProcess& child) {
  return [&request, &child](const std::string& text) -> std::optional<std::string> {
    if (request.agent.input != AgentInput::Lines) {
      return fmt::format(
          "the agent '{0}' reads no messages; set input = \"lines\" under [agents.{0}] if it can",
          request.agent.name);
    }
    if (!child.write_input(text + "\n")) return "the agent has closed its standard input";
    return std::nullopt;
  };
}

}  // namespace

Command command_for(const LaunchRequest& request) {
  Command command;
  command.working_directory = request.worktree;
  command.environment = request.environment;
  command.standard_input = request.prompt;
  command.descendants = Descendants::EndWithIt;
  if (!request.command_line.empty()) {
    command.arguments = {"/bin/sh", "-c", request.command_line};
    if (!request.arguments.empty()) {
      command.arguments.emplace_back("sh");  // $0; the extra arguments become $1, $2, …
      command.arguments.insert(command.arguments.end(), request.arguments.begin(), request.arguments.end());
    }
    return command;
  }
  const auto& words = request.agent.command;
  if (words.empty()) {
    throw Error(ErrorKind::Invalid, fmt::format("agent '{}' has no command", request.agent.name),
                fmt::format("set 'command = [\"PROGRAM\", …]' under [agents.{}]", request.agent.name));
  }
  const std::vector<std::pair<std::string, std::string>> values{{"prompt", request.prompt},
                                                                {"prompt_file", request.prompt_file.string()},
                                                                {"worktree", request.worktree.string()},
                                                                {"name", request.changeling}};
  for (const auto& word : words) command.arguments.push_back(expand_placeholders(word, values));
  command.arguments.insert(command.arguments.end(), request.arguments.begin(), request.arguments.end());
  if (std::any_of(words.begin(), words.end(), takes_prompt)) command.standard_input.clear();
  return command;
}

std::optional<Command> CommandLauncher::interactive_command(const LaunchRequest& request) const {
  return command_for(request);
}

LaunchResult CommandLauncher::launch(const LaunchRequest& request, const LaunchObserver& observer) {
  const Command command = command_for(request);
  OutputTail output(kKeptOutput);
  OutputTail errors(kKeptErrors);
  Watchdog watchdog(limits_of(request), std::chrono::steady_clock::now());
  Progress progress;

  const auto note = [&](std::string_view bytes, OutputTail& tail) {
    tail.append(bytes);
    watchdog.note_activity(std::chrono::steady_clock::now());
    if (observer.on_transcript) observer.on_transcript(bytes);
    if (auto line = tail.last_line(); line != progress.activity) {
      progress.activity = std::move(line);
      if (observer.on_progress) observer.on_progress(progress);
    }
  };
  const SupervisionHooks hooks{[&](std::string_view bytes) { note(bytes, output); },
                               [&](std::string_view bytes) { note(bytes, errors); }, observer.stop_requested,
                               observer.live, observer.waits_for_answer};
  ChildProcess child = start(request, command);
  const ReceivingMessages receiving(observer.live, receiver_for(request, child));
  const auto supervision = supervise(child, request.run_id, watchdog, hooks);

  LaunchResult result;
  result.ended_by = supervision.ended_by;
  result.exit_status = supervision.exit_status;
  result.success = supervision.ended_by == EndedBy::Itself && supervision.exit_status.success();
  if (!result.success) {
    result.error = supervision.ended_by == EndedBy::Itself
                       ? explain(request, supervision.exit_status, errors)
                       : describe(supervision.ended_by, limits_of(request));
  }
  result.final_text = without_terminal_codes(output.text());
  result.totals = progress;
  return result;
}

}  // namespace changeling::run
