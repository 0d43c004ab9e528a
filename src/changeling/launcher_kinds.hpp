#pragma once

#include <span>
#include <string>
#include <string_view>

namespace changeling {

struct AgentType;

/// How an agent is driven.
enum class LauncherKind { Command, Claude, Mngr };

/// Where the program that does the work comes from.
enum class AgentProgram {
  OfTheLauncher,  ///< Known; the agent type's `command` adds to it.
  OfTheAgentType  ///< The agent type's `command`, or the definition's command line.
};

/// What messages of people mean to an agent.
enum class Messages {
  Always,
  WithInputLines  ///< When the agent type says `input = "lines"`.
};

enum class AtTerminal { Works, Refused };

/// What the transcript of a run holds.
enum class Transcript { Text, JsonLines };

/// What is known of a way to drive agents before one starts; the rest is its Launcher, in run/.
struct LauncherRow {
  LauncherKind kind = LauncherKind::Command;
  std::string_view word;      ///< `launcher` under [agents.NAME].
  std::string_view sentence;  ///< Without a full stop.
  AgentProgram program = AgentProgram::OfTheLauncher;
  Messages messages = Messages::Always;
  AtTerminal at_terminal = AtTerminal::Works;  ///< Whether `run --interactive` can give it this terminal.
  Transcript transcript = Transcript::JsonLines;
  /// Variables of the user that begin so are let through to every agent of the launcher; empty: none.
  std::string_view passed_prefix = {};
  /// Where its agents look for sub-agents, a file NAME.md each, and for skills, a folder each, from the
  /// worktree's root; empty: nowhere that is known.
  std::string_view agents_folder = {};
  std::string_view skills_folder = {};
  /// Why its agents can only run on the user's machine; empty: they can be deployed.
  std::string_view tied_here = {};
};

/// The only list of them.
std::span<const LauncherRow> launcher_kinds();
const LauncherRow& launcher_row(LauncherKind kind);
/// The facts of the launcher that drives agents of this type.
const LauncherRow& launcher_of(const AgentType& agent);

std::string_view to_string(LauncherKind kind);

}  // namespace changeling
