#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "run/launcher.hpp"

namespace changeling::run {

/// The label that carries the run's id. Without a hyphen: mngr's own `--label a-b=c` finds nothing.
inline constexpr std::string_view mngr_run_label = "changeling_run";

/// The command lines of mngr 0.2.17 and newer for one agent, and what its answers mean.
class MngrProgram {
 public:
  explicit MngrProgram(const LaunchRequest& request);

  /// The agent's name at mngr: the changeling's and the run's, with letters that mngr accepts.
  const std::string& agent_name() const { return agent_name_; }

  /// mngr's word for the kind of agent: "claude" unless the agent type's command names another.
  const std::string& type() const { return type_; }
  /// A command line instead of an agent that talks: it has no transcript, is WAITING while it works, and
  /// mngr keeps neither its exit code nor, once it has ended, its output. So it runs in a script that does.
  bool is_command() const { return type_ == "command"; }
  std::string script() const;
  std::filesystem::path script_file() const { return beside_prompt("mngr-command"); }
  std::filesystem::path output_file() const { return beside_prompt("mngr-output"); }
  std::filesystem::path status_file() const { return beside_prompt("mngr-status"); }

  Command version() const;
  Command plugins() const;
  /// Starts the agent in the worktree as it is (no copy, no branch) with the prompt as its first message. A
  /// command gets none: mngr would type it into the shell that is there when the command has ended.
  /// When it fails, mngr deletes the worktree.
  /// The agent's environment goes by name where a value may be secret, since command lines are public.
  Command create() const;
  /// Answers when the agent has ended or, `or_waits`, has stopped working; with code 2 after `patience`.
  Command wait(std::chrono::seconds patience, bool or_waits) const;
  Command list() const;
  Command transcript() const;
  /// Types into the agent's terminal.
  Command message(const std::string& text) const;
  Command stop() const;
  /// Never lets mngr remove the worktree, which is ours.
  Command destroy() const;

 private:
  Command command(std::vector<std::string> arguments) const;
  std::filesystem::path beside_prompt(const char* name) const {
    return request_.prompt_file.parent_path() / name;
  }

  const LaunchRequest& request_;
  std::string agent_name_;
  std::string program_;
  std::string type_;
};

/// The packages without which an agent of this type cannot be followed, by the answer of
/// `mngr plugin list --format json`. None when the answer says nothing.
std::vector<std::string> missing_mngr_packages(std::string_view plugins, const std::string& type);

/// What a successful exit code hides: a message that reached nobody.
bool mngr_reached_nobody(const ProcessResult& result);

/// Whether agents of this type are command lines at mngr: then what they print is their transcript.
bool is_mngr_command(const AgentType& agent);

/// Throws Error(External) with a hint when `output` of `mngr --version` names a version before 0.2.17, or
/// none.
void check_mngr_version(std::string_view output);

/// What a failing exit code of `mngr OPERATION` means: one sentence with what to do.
std::string explain_mngr_failure(std::string_view operation, const std::string& agent_name,
                                 const ProcessResult& result);

/// What `mngr wait --format json` answered.
struct MngrWaitAnswer {
  enum class Kind { Reached, TimedOut, Failed };
  Kind kind = Kind::Failed;
  std::string state;  ///< When reached: "WAITING", "DONE" or "STOPPED".
};
MngrWaitAnswer read_mngr_wait(const ProcessResult& result);

/// Whether the agent waits for somebody to allow a tool, from the answer of `mngr list --format json`.
bool mngr_waits_for_permission(std::string_view list, const std::string& agent_name);

}  // namespace changeling::run
