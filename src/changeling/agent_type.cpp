#include "changeling/agent_type.hpp"

namespace changeling {
namespace {

/// Claude Code reports, updates and phones home less; docs/agents.md says what each does.
const std::map<std::string, std::string> quiet_claude = {
    {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"},
    {"DISABLE_AUTOUPDATER", "1"},
    {"DISABLE_ERROR_REPORTING", "1"},
    {"DISABLE_TELEMETRY", "1"},
};

std::vector<std::string> claude_variables() {
  return {"ANTHROPIC_API_KEY",
          "ANTHROPIC_BASE_URL",
          "CLAUDE_CODE_MAX_RETRIES",
          "CLAUDE_CODE_OAUTH_TOKEN",
          "CLAUDE_CODE_TMPDIR",
          "CLAUDE_CONFIG_DIR",
          "IS_SANDBOX"};
}

std::vector<std::string> claude_hosts() {
  return {"api.anthropic.com", "console.anthropic.com", "platform.claude.com"};
}

/// Its login and settings, and where it keeps its conversations.
std::vector<std::string> claude_folders() {
  return {"~/.claude", "~/.claude.json"};
}

std::vector<AgentType> make_builtin_agent_types() {
  AgentType claude;
  claude.name = default_agent_type;
  claude.launcher = LauncherKind::Claude;
  claude.command = {"claude"};
  claude.environment = quiet_claude;
  claude.pass_environment = claude_variables();
  claude.network = claude_hosts();
  claude.sandbox_write = claude_folders();
  claude.description = "Claude Code, headless";

  AgentType mngr;
  mngr.name = "mngr";
  mngr.launcher = LauncherKind::Mngr;
  mngr.command = {"mngr"};
  mngr.environment = quiet_claude;
  mngr.pass_environment = claude_variables();
  mngr.network = claude_hosts();
  mngr.description = "Claude Code in a workspace that mngr creates and watches";

  AgentType command;
  command.name = command_agent_type;
  command.description = "Any command line, given with run; whatever it changes becomes the commit";

  AgentType codex;
  codex.name = "codex";
  // Without a sandbox mode `codex exec` may only read.
  codex.command = {"codex", "exec", "--sandbox", "workspace-write", "--json", "{prompt}"};
  codex.pass_environment = {"CODEX_API_KEY", "CODEX_HOME", "OPENAI_API_KEY", "OPENAI_BASE_URL"};
  codex.network = {"api.openai.com", "auth.openai.com", "chatgpt.com"};
  codex.sandbox_write = {"~/.codex"};
  codex.description = "OpenAI Codex CLI, headless";

  AgentType gemini;
  gemini.name = "gemini";
  // Streaming output, so that the silence limit sees it working.
  gemini.command = {"gemini",          "-p",         "{prompt}", "--approval-mode", "auto_edit",
                    "--output-format", "stream-json"};
  gemini.pass_environment = {"GEMINI_API_KEY", "GOOGLE_API_KEY"};
  gemini.network = {"generativelanguage.googleapis.com", "cloudcode-pa.googleapis.com",
                    "oauth2.googleapis.com", "aiplatform.googleapis.com"};
  gemini.sandbox_write = {"~/.gemini"};
  gemini.description = "Gemini CLI, headless; may edit files, runs no shell commands unless told to";

  return {claude, codex, command, gemini, mngr};
}

}  // namespace

std::string_view to_string(AgentInput input) {
  return input == AgentInput::Lines ? "lines" : "prompt";
}

const std::map<std::string, AgentType>& builtin_agent_types() {
  static const std::map<std::string, AgentType> types = [] {
    std::map<std::string, AgentType> by_name;
    for (AgentType& type : make_builtin_agent_types()) by_name[type.name] = std::move(type);
    return by_name;
  }();
  return types;
}

}  // namespace changeling
