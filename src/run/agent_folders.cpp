#include "run/agent_folders.hpp"

#include <algorithm>
#include <cctype>

#include "support/files.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// How Claude Code names the folder of a project: what is no letter or digit becomes a hyphen. It cuts longer
/// names and adds a number to them.
constexpr std::size_t longest_project_name = 200;

std::string claude_project(const fs::path& worktree) {
  std::error_code unknown;
  std::string name = fs::weakly_canonical(worktree, unknown).string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char letter) { return std::isalnum(letter) == 0; }, '-');
  return name.size() <= longest_project_name ? name : "";
}

AgentFolder claude_folder(const fs::path& worktree) {
  AgentFolder folder;
  folder.logins = {".credentials.json"};
  folder.notes = {"backups",       "cache",       "debug",       "downloads",       "file-history",
                  "history.jsonl", "ide",         "image-cache", "paste-cache",     "plans",
                  "projects",      "session-env", "sessions",    "shell-snapshots", "stats-cache.json",
                  "statsig",       "tasks",       "telemetry",   "todos",           "usage-data"};
  if (const std::string project = claude_project(worktree); !project.empty())
    folder.kept_notes = fs::path("projects") / project;
  return folder;
}

AgentFolder codex_folder() {
  AgentFolder folder;
  folder.logins = {"auth.json"};
  folder.notes = {".tmp",     "archived_sessions", "cache", "history.jsonl", "log", "models_cache.json",
                  "sessions", "shell_snapshots",   "tmp",   "version.json"};
  return folder;
}

AgentFolder gemini_folder() {
  AgentFolder folder;
  folder.logins = {"google_accounts.json", "oauth_creds.json"};
  folder.notes = {"history", "tmp"};
  return folder;
}

struct Known {
  const char* program;
  const char* variable;
  const char* folder;
};
constexpr Known known[] = {
    {"claude", "CLAUDE_CONFIG_DIR", ".claude"}, {"codex", "CODEX_HOME", ".codex"}, {"gemini", "", ".gemini"}};

std::string program_of(const AgentType& agent) {
  if (agent.launcher == LauncherKind::Claude) return "claude";
  return agent.command.empty() ? "" : fs::path(agent.command.front()).filename().string();
}

AgentFolder folder_of(const std::string& program, const fs::path& worktree) {
  if (program == "claude") return claude_folder(worktree);
  return program == "codex" ? codex_folder() : gemini_folder();
}

bool is_one_of(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<AgentFolder> folders_of(const AgentType& agent, const Environment& environment,
                                    const fs::path& home, const fs::path& worktree) {
  const std::string program = program_of(agent);
  std::vector<AgentFolder> folders;
  for (const Known& each : known) {
    if (program != each.program) continue;
    AgentFolder folder = folder_of(program, worktree);
    const fs::path named = environment.get(each.variable).value_or("");
    if (!home.empty()) {
      folder.place = home / each.folder;
      folders.push_back(folder);
    }
    if (!named.is_absolute() || named.lexically_normal() == folder.place) continue;
    folder.place = named.lexically_normal();
    folder.is_elsewhere = true;
    folders.push_back(folder);
  }
  return folders;
}

void add_to_walls(sandbox::Walls& walls, const AgentFolder& folder, const fs::path& own) {
  if (folder.is_elsewhere) walls.replaced.push_back({folder.place, own});
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder.place, unreadable)) {
    const std::string name = entry.path().filename().string();
    const bool is_noted = is_one_of(folder.notes, name) || name.find(".sqlite") != std::string::npos;
    if (is_noted) continue;
    (is_one_of(folder.logins, name) ? walls.writable : walls.readable).push_back(entry.path());
  }
  if (!folder.kept_notes.empty()) walls.writable.push_back(folder.place / folder.kept_notes);
}

void make_kept_notes(const AgentFolder& folder) {
  std::error_code unreadable;
  if (!folder.kept_notes.empty() && fs::is_directory(folder.place, unreadable))
    create_private_directories(folder.place / folder.kept_notes);
}

}  // namespace changeling::run
