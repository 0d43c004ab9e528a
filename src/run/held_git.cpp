#include "run/held_git.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "changeling/agent_type.hpp"
#include "git/alternates.hpp"
#include "run/agent_environment.hpp"
#include "run/leader_git.hpp"
#include "run/lfs.hpp"
#include "run/machine_walls.hpp"
#include "run/removal.hpp"
#include "run/sandbox_paths.hpp"
#include "run/user_drivers.hpp"
#include "sandbox/confine.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// What we tell git by its environment.
constexpr std::array told_variables{"CHANGELING_HOOKS",
                                    "GIT_CONFIG_COUNT",
                                    "GIT_CONFIG_KEY_0",
                                    "GIT_CONFIG_KEY_1",
                                    "GIT_CONFIG_KEY_2",
                                    "GIT_CONFIG_KEY_3",
                                    "GIT_CONFIG_VALUE_0",
                                    "GIT_CONFIG_VALUE_1",
                                    "GIT_CONFIG_VALUE_2",
                                    "GIT_CONFIG_VALUE_3",
                                    "GIT_DIR",
                                    "GIT_INDEX_FILE",
                                    "GIT_LFS_SKIP_SMUDGE",
                                    "GIT_NO_REPLACE_OBJECTS",
                                    "GIT_OBJECT_DIRECTORY",
                                    "GIT_TERMINAL_PROMPT",
                                    "GIT_WORK_TREE"};

Environment harmless(const Environment& environment, const std::string& run_id) {
  Environment kept;
  for (const auto& [name, value] : environment.variables()) {
    const bool is_told =
        std::find(told_variables.begin(), told_variables.end(), name) != told_variables.end();
    if (is_told || is_for_agents(name)) kept.set(name, value);
  }
  kept.set("CHANGELING_RUN", run_id);
  return kept;
}

/// The id of the run below whose folder a git directory of ours lies.
std::string run_of(const project::Services& services, const fs::path& directory) {
  return directory.lexically_relative(services.places.run("").folder).begin()->string();
}

/// What commands of a run see of the machine, without its home.
sandbox::Walls walls_on(const project::Services& services, const std::string& run_id,
                        const fs::path& work_tree) {
  const Environment& environment = services.environment;
  const fs::path common = services.repository.common_directory();
  const fs::path home = environment.get("HOME").value_or("");
  // What a command line names by a path from "/" or "~/" on is there, as for those of a run.
  const git::ConfigEntries drivers = split_drivers(services.repository.configuration_of_files()).drivers;
  Definition named;
  for (const auto& entry : drivers) named.setup.push_back(entry.second);
  sandbox::Walls walls = walls_for(
      {home, services.repository.work_tree(), common, work_tree, services.places.run(run_id), environment},
      builtin_agent_types().at(std::string(command_agent_type)), named);
  walls.readable.push_back(common / "shallow");
  if (home.is_absolute() && home != "/") {
    walls.hidden.push_back(home);
    walls.readable.push_back(home / ".config/git/attributes");
  }
  if (const auto attributes = services.repository.config("core.attributesFile"))
    walls.readable.emplace_back(*attributes);
  walls.never_written.clear();
  walls.network = sandbox::Network::None;
  return walls;
}

bool is_file(const fs::path& path) {
  std::error_code unknown;
  return fs::is_regular_file(fs::symlink_status(path, unknown));
}

/// A loose object or part of a pack by its name (gitrepository-layout(5)).
bool is_object_file(const fs::path& below) {
  const std::string folder = below.parent_path().string();
  const std::string name = below.filename().string();
  const auto is_hex = [](const std::string& text) {
    return text.find_first_not_of("0123456789abcdef") == std::string::npos;
  };
  if (folder == "pack") return name.starts_with("pack-") && name.find('/') == std::string::npos;
  return folder.size() == 2 && is_hex(folder) && is_hex(name);
}

}  // namespace

ProcessResult HeldGit::Runner::run(const Command& command, std::chrono::milliseconds time_limit) {
  Command held = command;
  held.environment = harmless(*command.environment, run_id);
  return runner_.run(sandbox::confine(std::move(held), walls), time_limit);
}

HeldGit::HeldGit(const project::Services& services, fs::path directory, const fs::path& work_tree,
                 const fs::path& bubblewrap)
    : services_(services),
      directory_(std::move(directory)),
      own_(directory_ / "held"),
      runner_(services.processes) {
  // Whoever was held here before may have left links.
  remove_tree(own_);
  for (const char* folder : {"tmp", "objects"}) create_private_directories(own_ / folder);
  git::borrow_objects(own_ / "objects", {directory_ / "objects"});
  runner_.run_id = run_of(services, directory_);
  sandbox::Walls& walls = runner_.walls;
  walls = walls_on(services, runner_.run_id, work_tree);
  walls.bubblewrap = bubblewrap;
  walls.own_program = own_program();
  walls.replaced = {{"/tmp", own_ / "tmp"}};
  walls.readable.push_back(directory_);
  walls.writable = {work_tree, own_};
}

HeldGit::~HeldGit() {
  remove_tree(own_);
}

git::GitProgram HeldGit::program() {
  return git::GitProgram(runner_, services_.git.environment(), directory_)
      .with({{"GIT_OBJECT_DIRECTORY", (own_ / "objects").string()},
             {"GIT_CONFIG_NOSYSTEM", "1"},
             {"GIT_CONFIG_GLOBAL", "/dev/null"},
             {"GIT_CONFIG_COUNT", "2"},
             {"GIT_CONFIG_KEY_0", "include.path"},
             {"GIT_CONFIG_VALUE_0", drivers_file(directory_).string()},
             {"GIT_CONFIG_KEY_1", "lfs.storage"},
             {"GIT_CONFIG_VALUE_1", (own_ / "lfs").string()}});
}

fs::path HeldGit::lend_index() const {
  const fs::path index = directory_ / "index";
  const fs::path lent = own_ / "index";
  if (!fs::exists(index)) return lent;
  fs::copy_file(index, lent, fs::copy_options::overwrite_existing);
  // By its age git tells which files have to be looked into.
  fs::last_write_time(lent, fs::last_write_time(index));
  return lent;
}

void HeldGit::take_index_back() const {
  const fs::path lent = own_ / "index";
  if (!fs::exists(fs::symlink_status(lent))) return;
  if (!is_file(lent))
    throw Error(ErrorKind::Refused, fmt::format("a filter has put something else in the place of {}, the "
                                                "index",
                                                lent.string()));
  fs::rename(lent, directory_ / "index");
}

void HeldGit::take_objects() const {
  const fs::path from = own_ / "objects";
  std::error_code ignored;
  for (fs::recursive_directory_iterator entry(from, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const fs::path below = entry->path().lexically_relative(from);
    const fs::path to = directory_ / "objects" / below;
    if (!is_object_file(below) || !is_file(entry->path()) || fs::exists(to)) continue;
    create_private_directories(to.parent_path());
    fs::rename(entry->path(), to);
  }
  keep_lfs_objects(services_, own_);
}

}  // namespace changeling::run
