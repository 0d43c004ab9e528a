#include "changeling/launcher_kinds.hpp"

#include <array>

#include "changeling/agent_type.hpp"
#include "support/word_list.hpp"

namespace changeling {
namespace {

constexpr std::array all_launchers{
    LauncherRow{.kind = LauncherKind::Command,
                .word = "command",
                .sentence = "Any program that does the work and ends",
                .program = AgentProgram::OfTheAgentType,
                .messages = Messages::WithInputLines,
                .transcript = Transcript::Text},
    LauncherRow{.kind = LauncherKind::Claude,
                .word = "claude",
                .sentence = "Claude Code, headless",
                .agents_folder = ".claude/agents",
                .skills_folder = ".claude/skills"},
    LauncherRow{.kind = LauncherKind::Mngr,
                .word = "mngr",
                .sentence = "An agent in a workspace that mngr creates and watches",
                .at_terminal = AtTerminal::Refused,
                .passed_prefix = "MNGR_",  // Its folder and prefix are no secrets.
                .agents_folder = ".claude/agents",
                .skills_folder = ".claude/skills",
                .tied_here = "mngr keeps its agents on the machine where it runs"},
};
static_assert(stands_in_order(all_launchers, &LauncherRow::kind));

}  // namespace

std::span<const LauncherRow> launcher_kinds() {
  return all_launchers;
}

const LauncherRow& launcher_row(LauncherKind kind) {
  return all_launchers[static_cast<std::size_t>(kind)];
}

const LauncherRow& launcher_of(const AgentType& agent) {
  return launcher_row(agent.launcher);
}

std::string_view to_string(LauncherKind kind) {
  return launcher_row(kind).word;
}

}  // namespace changeling
