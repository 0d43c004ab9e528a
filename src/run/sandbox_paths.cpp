#include "run/sandbox_paths.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "git/alternates.hpp"
#include "run/agent_folders.hpp"
#include "run/local_repositories.hpp"
#include "sandbox/mounts.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Programs that people install in their home, without what is written when they are used.
constexpr std::array tool_folders{".asdf",
                                  ".bun",
                                  ".cargo/bin",
                                  ".deno",
                                  ".fnm",
                                  ".local/bin",
                                  ".local/lib",
                                  ".local/share/claude",
                                  ".local/share/fnm",
                                  ".local/share/mise",
                                  ".local/share/pnpm",
                                  ".local/share/uv",
                                  ".npm-global",
                                  ".nvm",
                                  ".pyenv",
                                  ".rbenv",
                                  ".rustup",
                                  ".sdkman",
                                  ".volta",
                                  "go/bin"};

/// Variables that name programs or certificates.
constexpr std::array tool_variables{"GOROOT",      "JAVA_HOME",      "NODE_EXTRA_CA_CERTS", "NVM_DIR",
                                    "PYENV_ROOT",  "RUSTUP_HOME",    "SSL_CERT_DIR",        "SSL_CERT_FILE",
                                    "VIRTUAL_ENV", "LD_LIBRARY_PATH"};

/// What only the superuser may read of the system, which an agent that runs as one must not, either.
constexpr std::array secrets_of_the_system{"/etc/gshadow",
                                           "/etc/gshadow-",
                                           "/etc/shadow",
                                           "/etc/shadow-",
                                           "/etc/sudoers",
                                           "/etc/ssh/ssh_host_ecdsa_key",
                                           "/etc/ssh/ssh_host_ed25519_key",
                                           "/etc/ssh/ssh_host_rsa_key"};

constexpr std::array kept_sections{
    "advice",    "alias",    "apply",   "blame", "branch",     "checkout", "clone", "color",
    "column",    "commit",   "core",    "diff",  "extensions", "feature",  "fetch", "filter",
    "format",    "gpg",      "grep",    "index", "init",       "lfs",      "log",   "merge",
    "pack",      "protocol", "pull",    "push",  "rebase",     "rerere",   "safe",  "status",
    "submodule", "tag",      "trailer", "user",  "worktree"};

fs::path expanded(const std::string& path, const fs::path& home) {
  return path.starts_with("~/") && !home.empty() ? home / path.substr(2) : fs::path(path);
}

void add(std::vector<fs::path>& paths, const std::vector<std::string>& more, const fs::path& home) {
  for (const std::string& path : more) paths.push_back(expanded(path, home));
}

bool is_plain_folder_of_home(const fs::path& folder, const fs::path& home) {
  if (home.empty() || folder == home || !sandbox::is_inside(folder, home)) return false;
  const fs::path below = folder.lexically_relative(home);
  return std::none_of(below.begin(), below.end(),
                      [](const fs::path& part) { return part.string().starts_with('.'); });
}

/// A script of the user's comes with what lies beside it, except where everything may lie.
fs::path with_company(const fs::path& path, const fs::path& home) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown)) return path;
  return is_plain_folder_of_home(path.parent_path(), home) ? path.parent_path() : path;
}

/// A folder that holds the home, or everybody's files, is not what somebody names to have it read.
bool is_too_much(const fs::path& path, const fs::path& home) {
  return path == "/" || path == "/tmp" || path == "/run" || path == "/home" || path == "/var/tmp" ||
         (!home.empty() && sandbox::is_inside(home, path));
}

void add_named(std::vector<fs::path>& paths, const std::string& text, const fs::path& home) {
  for (const fs::path& named : named_paths(text, home)) {
    if (!is_too_much(named, home)) paths.push_back(with_company(named, home));
  }
}

/// `bin` of a tool that lies in the home comes with its `lib`.
void add_programs(std::vector<fs::path>& paths, const Environment& environment, const fs::path& home) {
  for (const std::string& word : split(environment.get("PATH").value_or(""), ':')) {
    const fs::path folder = fs::path(word).lexically_normal();
    if (!folder.is_absolute() || is_too_much(folder, home)) continue;
    paths.push_back(folder);
    const fs::path tool = folder.parent_path();
    const bool is_tool = folder.filename() == "bin" && !home.empty() && sandbox::is_inside(tool, home) &&
                         tool != home && tool != home / ".local" && tool != home / ".cargo" &&
                         tool != home / "go";
    if (is_tool) paths.push_back(tool);
  }
}

void add_tools(std::vector<fs::path>& paths, const Environment& environment, const fs::path& home) {
  for (const char* name : tool_variables) {
    for (const std::string& value : split(environment.get(name).value_or(""), ':')) {
      if (value.starts_with('/') && !is_too_much(value, home)) paths.emplace_back(value);
    }
  }
  if (home.empty()) return;
  for (const char* folder : tool_folders) paths.push_back(home / folder);
}

std::vector<fs::path> readable_paths(const SandboxSurroundings& place, const AgentType& agent,
                                     const Definition& definition) {
  std::vector<fs::path> paths{"/etc/resolv.conf", place.files.excludes(), place.files.answers()};
  add_programs(paths, place.environment, place.home);
  add_tools(paths, place.environment, place.home);
  add_named(paths, definition.command, place.home);
  for (const auto* lines : {&definition.setup, &definition.verify, &definition.arguments, &agent.command}) {
    for (const std::string& line : *lines) add_named(paths, line, place.home);
  }
  for (const auto* variables : {&agent.environment, &definition.environment}) {
    for (const auto& [name, value] : *variables) add_named(paths, value, place.home);
  }
  for (fs::path& lender : git::with_lenders(place.common_directory / "objects"))
    paths.push_back(std::move(lender));
  paths.push_back(place.common_directory / "lfs");
  for (fs::path& folder : local_repositories(place.common_directory)) {
    if (folder != place.common_directory) paths.push_back(std::move(folder));
  }
  add(paths, agent.sandbox_read, place.home);
  add(paths, definition.sandbox_read, place.home);
  return paths;
}

/// What an agent type opens, but for the folders that are governed by what they are (agent_folders.hpp).
void add_opened_by_agent(std::vector<fs::path>& paths, const AgentType& agent,
                         const std::vector<AgentFolder>& folders, const fs::path& home) {
  for (const std::string& path : agent.sandbox_write) {
    const fs::path opened = expanded(path, home);
    const bool is_governed = std::any_of(folders.begin(), folders.end(), [&](const AgentFolder& folder) {
      return opened == folder.place || opened == fs::path(folder.place.string() + ".json");
    });
    if (!is_governed) paths.push_back(opened);
  }
}

std::vector<fs::path> writable_paths(const SandboxSurroundings& place, const AgentType& agent,
                                     const std::vector<AgentFolder>& folders, const Definition& definition) {
  std::vector<fs::path> paths{place.worktree, place.files.git_trace()};
  add_opened_by_agent(paths, agent, folders, place.home);
  add(paths, definition.sandbox_write, place.home);
  return paths;
}

/// Some keep /etc, or all of the machine, in a repository.
bool is_of_the_system(const fs::path& path) {
  return path == "/" || sandbox::is_inside(path, "/etc") || sandbox::is_inside(path, "/usr");
}

std::vector<fs::path> hidden_paths(const SandboxSurroundings& place) {
  std::vector<fs::path> paths{"/home", "/root", "/run", "/var/tmp", place.common_directory};
  if (place.work_tree && !is_of_the_system(*place.work_tree)) paths.push_back(*place.work_tree);
  for (const fs::path& folder : local_repositories(place.common_directory))
    paths.push_back(folder / "changelings");
  return paths;
}

std::vector<ResourceLimit> limits_of(const Definition& definition) {
  constexpr std::uint64_t mebibyte = 1024 * 1024;
  std::vector<ResourceLimit> limits{{RLIMIT_CORE, 0}};
  const auto add_limit = [&](int resource, std::int64_t most, std::uint64_t unit) {
    if (most > 0) limits.push_back({resource, static_cast<std::uint64_t>(most) * unit});
  };
  add_limit(RLIMIT_DATA, definition.max_memory_mb, mebibyte);
  add_limit(RLIMIT_FSIZE, definition.max_file_mb, mebibyte);
  return limits;
}

}  // namespace

std::vector<fs::path> settings_of_agents(const fs::path& home) {
  if (home.empty()) return {};
  std::vector<fs::path> paths;
  for (const char* name : {"settings.json", "settings.local.json", "CLAUDE.md", "agents", "commands", "hooks",
                           "output-styles", "plugins", "skills"})
    paths.push_back(home / ".claude" / name);
  for (const char* name : {"config.toml", "AGENTS.md", "hooks.json", "prompts", "skills"})
    paths.push_back(home / ".codex" / name);
  for (const char* name : {"settings.json", "GEMINI.md", "commands", "extensions"})
    paths.push_back(home / ".gemini" / name);
  return paths;
}

std::vector<fs::path> named_paths(const std::string& text, const fs::path& home) {
  std::vector<fs::path> paths;
  constexpr std::string_view ends = " \t\n'\"`;|&<>(){}=:,$\\*?";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(ends, at), text.size());
    const std::string word = text.substr(at, end - at);
    if (word.starts_with('/') || (word.starts_with("~/") && !home.empty()))
      paths.push_back(expanded(word, home).lexically_normal());
    at = end + 1;
  }
  return paths;
}

std::string configuration_for_agents(const std::string& text) {
  std::string kept;
  bool keeps = false;
  for (const std::string_view line : split_lines(text)) {
    const std::string_view plain = trim(line);
    if (plain.starts_with('[')) {
      const std::string name = to_lower(plain.substr(1, plain.find_first_of(" \t.\"]") - 1));
      keeps = std::find(kept_sections.begin(), kept_sections.end(), name) != kept_sections.end();
    }
    if (keeps) kept += std::string(line) + "\n";
  }
  return kept;
}

sandbox::Walls walls_for(const SandboxSurroundings& place, const AgentType& agent,
                         const Definition& definition) {
  sandbox::Walls walls;
  walls.hidden = hidden_paths(place);
  walls.replaced = {{"/tmp", place.files.folder / "tmp"}};
  if (!place.home.empty() && place.home != "/")
    walls.replaced.push_back({place.home, place.files.folder / "home"});
  walls.readable = readable_paths(place, agent, definition);
  const auto folders = folders_of(agent, place.environment, place.home, place.worktree);
  walls.writable = writable_paths(place, agent, folders, definition);
  for (const AgentFolder& folder : folders) add_to_walls(walls, folder, place.files.folder / "settings");
  walls.never_written = settings_of_agents(place.home);
  if (::geteuid() == 0) walls.masked.assign(secrets_of_the_system.begin(), secrets_of_the_system.end());
  walls.limits = limits_of(definition);
  return walls;
}

}  // namespace changeling::run
