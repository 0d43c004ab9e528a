#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/agent_type.hpp"
#include "sandbox/walls.hpp"
#include "store/run_record.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::run {

class LiveServer;

/// Everything a launcher needs to start an agent. Paths are absolute.
struct LaunchRequest {
  std::string run_id;
  std::string changeling;
  AgentType agent;
  std::string command_line;  ///< For the command agent: a line for /bin/sh; empty: agent.command.
  std::string prompt;
  std::filesystem::path prompt_file;
  std::filesystem::path worktree;
  std::vector<std::string> arguments;  ///< Extra ones from the definition.
  std::vector<std::string> permissions;
  std::int64_t max_turns = 0;  ///< 0: no limit.
  double budget_usd = 0;       ///< 0: no limit.
  Environment environment;     ///< Complete: the allow-listed one, with the CHANGELING_… variables.
  Duration timeout{};
  Duration silence_timeout{};     ///< Zero: no limit.
  sandbox::Walls walls;           ///< What holds it.
  Duration grace_after_result{};  ///< How long the agent may live on after its final result.
};

/// What is known while the agent runs; shown in the progress line.
struct Progress {
  std::optional<std::int64_t> turns;
  std::optional<store::TokenUsage> tokens;
  std::optional<double> cost_usd;
  std::string activity;  ///< "Bash: ctest …", the agent's last words; one line.
};

/// Why the supervision ended the agent itself, if it did.
enum class EndedBy { Itself, TimeLimit, SilenceLimit, UserRequest, LostLease, LivedOnAfterResult };

/// What came of it, before git and verification are looked at.
struct LaunchResult {
  EndedBy ended_by = EndedBy::Itself;
  ExitStatus exit_status;
  bool success = false;  ///< By the rule of the agent's kind (docs/agents.md).
  bool over_budget = false;
  bool login_missing = false;  ///< The program was not let in by its service.
  /// Tools that were refused, each once with what it was to do. By itself no failure: agents find other ways.
  std::vector<std::string> denials = {};
  bool waits_for_permission = false;      ///< It could not go on without a tool that nobody could allow.
  std::vector<std::string> remarks = {};  ///< Sentences for people about what it told, besides the error.
  std::string error;                      ///< One sentence when not a success.
  std::string final_text;                 ///< The agent's closing words, or a command's standard output.
  /// JSON in the form that the agent was asked for (Claude Code's --json-schema); empty without it.
  std::string structured_output = {};
  std::string session_id;
  Progress totals;
};

/// Asked a few times a second while the agent runs. Anything but Itself makes the launcher end it.
using StopRequest = std::function<EndedBy()>;

struct LaunchObserver {
  std::function<void(std::string_view)> on_transcript;  ///< Raw bytes as the agent prints them (for logs).
  std::function<void(const Progress&)> on_progress;
  StopRequest stop_requested;
  /// Who watches the run and talks to it; the launcher looks after them while it waits for the agent, and
  /// says whether the agent takes messages. May be null.
  LiveServer* live = nullptr;
  /// Whether a program of the agent's waits for its user's answer: such silence is no lack of progress. May
  /// be empty.
  std::function<bool()> waits_for_answer = {};
  /// Whether an answer will come as a message: an agent at rest goes on once it has it. May be empty.
  std::function<bool()> expects_message = {};
};

/// One way to drive an agent.
class Launcher {
 public:
  virtual ~Launcher() = default;
  /// Returns when the agent and every process it left behind have ended. Throws Error(NotFound) with a hint
  /// when the agent's program is not installed.
  virtual LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer) = 0;
  /// What is started for a person at the terminal; nothing where LauncherRow::at_terminal says Refused.
  virtual std::optional<Command> interactive_command(const LaunchRequest& /*request*/) const {
    return std::nullopt;
  }
  /// Whether what agents of this type print is the log for people, and not a transcript for programs.
  virtual bool prints_its_log(const AgentType& /*agent*/) const { return false; }
};

std::unique_ptr<Launcher> make_launcher(LauncherKind kind, ProcessRunner& runner);

}  // namespace changeling::run
