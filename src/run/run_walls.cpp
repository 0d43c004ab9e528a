#include "run/run_walls.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "run/machine_walls.hpp"
#include "run/removal.hpp"
#include "run/sandbox_paths.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

fs::path home_of(const Environment& environment) {
  const fs::path home = environment.get("HOME").value_or("");
  return home.is_absolute() ? home.lexically_normal() : fs::path();
}

/// Empty for a file that is not there, or that nobody may read: the run does without it.
std::string text_of(const fs::path& file) {
  constexpr std::size_t most = 64 * 1024 * 1024;
  try {
    // Many keep theirs in another folder, with a link to it.
    return read_regular_file(fs::weakly_canonical(file), most).value_or("");
  } catch (const std::exception&) {
    return "";
  }
}

/// A copy of what Claude Code notes about itself: it is replaced as a whole when it changes, which a file
/// that is bound cannot be.
void copy_claude_state(const fs::path& from, const fs::path& to) {
  if (const std::string state = text_of(from / ".claude.json"); !state.empty())
    write_file(to / ".claude.json", state, Outlives::Process);
}

/// What the agent's git and Claude Code find there of the user's.
void furnish(const fs::path& home, const fs::path& users, const Environment& environment) {
  std::string configuration;
  for (const fs::path& file : {users / ".config/git/config", users / ".gitconfig",
                               fs::path(environment.get("GIT_CONFIG_GLOBAL").value_or(""))})
    configuration += configuration_for_agents(text_of(file));
  if (!configuration.empty()) write_file(home / ".gitconfig", configuration, Outlives::Process);
  copy_claude_state(users, home);
}

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(fs::symlink_status(path, unknown));
}

}  // namespace

bool RunWalls::has_list() const {
  const auto& network = request_.definition.network;
  return network != std::vector<std::string>{"full"} && network != std::vector<std::string>{"none"};
}

std::vector<std::string> RunWalls::network_list() const {
  std::vector<std::string> list = request_.definition.network;
  for (const std::string& host : request_.agent.network) {
    if (std::find(list.begin(), list.end(), host) == list.end()) list.push_back(host);
  }
  return list;
}

store::Walls RunWalls::choose() {
  const SandboxPolicy policy = policy_of(services_, request_.definition);
  const bool is_elsewhere = request_.agent.launcher == LauncherKind::Mngr;
  if (is_elsewhere) {
    probe_ = {"", "mngr runs its agents itself, where no sandbox of this program holds them",
              "set sandbox to off, or take another agent"};
  } else if (policy != SandboxPolicy::Off) {
    probe_ = probe_machine(services_);
  }
  if (policy == SandboxPolicy::Required && !probe_)
    throw Error(ErrorKind::Refused, fmt::format("a sandbox is required: {}", probe_.reason), probe_.remedy);
  const bool wants_network = request_.definition.network == std::vector<std::string>{"full"};
  if (probe_) {
    if (has_list()) return {"bubblewrap", network_list().empty() ? "none" : join(network_list(), ", "), {}};
    return {"bubblewrap", request_.definition.network.front(), {}};
  }
  if (policy == SandboxPolicy::Auto) {
    remark_ = fmt::format(
        "warning: NO SANDBOX: {}; the agent can read and write all that you can ({}; sandbox = off "
        "says that it may)",
        probe_.reason, probe_.remedy);
  }
  if (!wants_network)
    remark_ += (remark_.empty() ? "" : "; ") + std::string("without a sandbox its network is full");
  return {"none", "full", {}};
}

void RunWalls::build(const fs::path& worktree, const Environment& environment) {
  const fs::path home = home_of(environment);
  worktree_ = worktree;
  walls_ = walls_for({home, services_.repository.work_tree(), services_.repository.common_directory(),
                      worktree, files_, environment},
                     request_.agent, request_.definition);
  walls_.own_program = own_program();
  set_limits();
  if (!probe_) return;
  walls_.bubblewrap = probe_.bubblewrap;
  for (const char* folder : {"home", "tmp", "check-home", "check-tmp"})
    create_private_directories(files_.folder / folder);
  for (const char* own : {"home", "check-home"}) {
    if (!home.empty()) furnish(files_.folder / own, home, environment);
  }
  open_agent_folders(home, environment);
  const fs::path chosen = environment.get("GIT_CONFIG_GLOBAL").value_or("");
  std::error_code unknown;
  if (fs::is_regular_file(chosen, unknown) && is_there(files_.folder / "home/.gitconfig"))
    walls_.replaced.push_back({chosen, files_.folder / "home/.gitconfig"});
  if (!fs::exists(files_.git_trace())) write_file(files_.git_trace(), "", Outlives::Process);
  for (const fs::path& setting : settings_of_agents(home)) {
    const auto& open = walls_.writable;
    const bool can_be_made = std::find(open.begin(), open.end(), setting.parent_path()) != open.end();
    if (can_be_made && !is_there(setting)) must_not_appear_.push_back(setting);
  }
  if (request_.definition.network == std::vector<std::string>{"none"})
    walls_.network = sandbox::Network::None;
  if (!has_list()) return;
  walls_.network = sandbox::Network::Listed;
  walls_.proxy_folder = files_.folder / "proxy";
  const auto list = network_list();
  walls_.own_servers = std::none_of(list.begin(), list.end(), [](const std::string& host) {
    return host.starts_with("localhost") || host.starts_with("127.");
  });
  proxy_.emplace(walls_.proxy_folder, walls_.own_program, list, services_.environment);
}

void RunWalls::open_agent_folders(const fs::path& home, const Environment& environment) {
  agent_folders_ = folders_of(request_.agent, environment, home, worktree_);
  for (const AgentFolder& folder : agent_folders_) {
    make_kept_notes(folder);
    if (!folder.is_elsewhere) continue;
    for (const char* own : {"settings", "check-settings"}) {
      create_private_directories(files_.folder / own);
      copy_claude_state(folder.place, files_.folder / own);
    }
  }
}

sandbox::Walls RunWalls::walls_around(const fs::path& folder, const fs::path& artifacts) const {
  sandbox::Walls walls = walls_;
  std::replace(walls.writable.begin(), walls.writable.end(), worktree_, folder);
  walls.writable.push_back(artifacts);
  // What the agent has left in its home (settings, programs, modules that others load) must not decide.
  for (sandbox::Replacement& each : walls.replaced)
    each.folder = files_.folder / ("check-" + each.folder.lexically_relative(files_.folder).string());
  return walls;
}

void RunWalls::set_limits() {
  const Definition& definition = request_.definition;
  // Behind the walls the kernel counts the processes of a user by itself, but not those of the superuser. A
  // group costs more.
  const bool kernel_counts = probe_ && ::geteuid() != 0;
  group_.emplace(
      control_group_of(request_.run_id),
      sandbox::ControlGroup::Limits{definition.max_memory_mb, kernel_counts ? 0 : definition.max_processes});
  walls_.doors = group_->doors();
  if (group_->counts_memory())
    std::erase_if(walls_.limits, [](const ResourceLimit& limit) { return limit.resource == RLIMIT_DATA; });
  if (kernel_counts) walls_.most_processes = definition.max_processes;
}

std::vector<std::string> RunWalls::take_refused_hosts() {
  return proxy_ ? proxy_->take_refused() : std::vector<std::string>();
}

std::vector<std::string> RunWalls::take_down() {
  proxy_.reset();
  group_.reset();
  remove_sandbox_folders(files_);
  std::vector<std::string> told;
  for (const fs::path& setting : must_not_appear_) {
    if (!is_there(setting)) continue;
    const fs::path aside = fmt::format("{}.changeling-{}", setting.string(), request_.run_id);
    std::error_code problem;
    fs::rename(setting, aside, problem);
    told.push_back(
        problem ? fmt::format("{} was made during the run, and decides what an agent runs later",
                              setting.string())
                : fmt::format("{} was made during the run, and would decide what an agent runs later: it "
                              "lies at {} now",
                              setting.string(), aside.string()));
  }
  must_not_appear_.clear();
  std::error_code holds_something;
  for (const AgentFolder& folder : agent_folders_)
    if (!folder.kept_notes.empty()) fs::remove(folder.place / folder.kept_notes, holds_something);
  return told;
}

std::string control_group_of(const std::string& run_id) {
  return "changeling-" + run_id;
}

void remove_sandbox_folders(const project::RunFiles& files) {
  for (const char* folder :
       {"home", "tmp", "settings", "check-home", "check-tmp", "check-settings", "proxy", "answers"})
    remove_tree(files.folder / folder);
}

}  // namespace changeling::run
