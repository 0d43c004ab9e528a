#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/launcher_kinds.hpp"

namespace changeling {

/// What a program with launcher "command" finds on its standard input: the prompt (unless a placeholder has
/// taken it) and then the end; or, open until it ends, each message that people send it as lines.
enum class AgentInput { Prompt, Lines };

/// HOW an agent runs, apart from WHAT it does. Configured as `[agents.NAME]`; "claude", "command", "codex",
/// "gemini" and "mngr" are built in and can be overridden.
struct AgentType {
  std::string name;
  LauncherKind launcher = LauncherKind::Command;
  /// Program and arguments; {prompt}, {prompt_file}, {worktree} and {name} are filled in. Without {prompt}
  /// and {prompt_file} the prompt goes to standard input. For Claude and Mngr: the program, then extra
  /// arguments.
  std::vector<std::string> command;
  AgentInput input = AgentInput::Prompt;  ///< Of the command launcher only.
  std::map<std::string, std::string> environment;
  std::vector<std::string> pass_environment;  ///< Variables let through to the agent, such as its API key.
  /// Hosts that its programs need when the definition lists hosts.
  std::vector<std::string> network;
  std::vector<std::string> sandbox_read;   ///< As in the definition.
  std::vector<std::string> sandbox_write;  ///< As in the definition: its logins and settings.
  std::string description;
};

std::string_view to_string(AgentInput input);

/// The agent type of who names none, and of who gives a command line.
inline constexpr std::string_view default_agent_type = "claude";
inline constexpr std::string_view command_agent_type = "command";

/// The built-in agent types by name.
const std::map<std::string, AgentType>& builtin_agent_types();

}  // namespace changeling
