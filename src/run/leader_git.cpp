#include "run/leader_git.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "git/config_text.hpp"
#include "git/sealed_repository.hpp"
#include "run/held_git.hpp"
#include "run/lfs.hpp"
#include "run/machine_walls.hpp"
#include "run/user_drivers.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Whatever an agent has left there, a look at it ends. Filling a large room takes minutes.
constexpr std::chrono::minutes longest_look(60);

/// What ties a configuration to the place that it was written for.
bool is_about_a_place(const std::string& key) {
  constexpr std::array keys{"core.worktree",  "core.bare",      "core.excludesfile",
                            "core.hookspath", "core.fsmonitor", "extensions.worktreeconfig"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

constexpr std::size_t longest_head = 4096;
/// It holds the branch of the run and what git has packed since.
constexpr std::size_t longest_packed_references = 1024 * 1024;

/// Behind the settings for this call.
std::size_t place_of_command(const std::vector<std::string>& arguments) {
  std::size_t command = 0;
  while (command + 2 < arguments.size() && arguments[command] == "-c") command += 2;
  return command;
}

/// Whether git looks into files of the work tree, and so may start what the user has set up for those.
bool reads_files(const std::vector<std::string>& arguments) {
  const std::string& command = arguments[place_of_command(arguments)];
  return command == "add" || command == "status";
}

/// Of a file that holds one name of an object; also when there is none.
std::optional<git::ObjectId> as_id(std::string_view text) {
  try {
    return git::ObjectId::from_hex(trim(text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<git::ObjectId> leader_head(const fs::path& directory) {
  const std::string head(trim(read_regular_file(directory / "HEAD", longest_head).value_or("")));
  constexpr std::string_view symbolic = "ref: ";
  if (!head.starts_with(symbolic)) return as_id(head);
  const std::string reference = head.substr(symbolic.size());
  if (const auto loose = read_regular_file(directory / reference, longest_head)) return as_id(*loose);
  const auto packed = read_regular_file(directory / "packed-refs", longest_packed_references);
  for (const std::string_view line : split_lines(packed.value_or(""))) {
    if (line.ends_with(" " + reference)) return as_id(line.substr(0, line.size() - reference.size() - 1));
  }
  return std::nullopt;
}

fs::path drivers_file(const fs::path& directory) {
  return directory / "drivers";
}

void write_drivers(const project::Services& services, const fs::path& directory) {
  const git::ConfigEntries drivers = split_drivers(services.repository.configuration_of_files()).drivers;
  fs::remove(drivers_file(directory));
  if (!drivers.empty()) write_file(drivers_file(directory), git::config_text(drivers), Outlives::Process);
}

std::string leader_config(const project::Services& services) {
  git::ConfigEntries entries = split_drivers(services.repository.configuration_of_files()).others;
  std::erase_if(entries, [](const auto& entry) { return is_about_a_place(entry.first); });
  entries.emplace_back("core.bare", "false");
  // Would refuse to add what the agent wrote.
  entries.emplace_back("core.safecrlf", "false");
  entries.emplace_back("lfs.storage", lfs_folder(services).string());
  return git::config_text(entries) + git::seal_settings();
}

LeaderGit::LeaderGit(const project::Services& services, fs::path directory, fs::path work_tree)
    : services_(&services), directory_(std::move(directory)), work_tree_(std::move(work_tree)) {}

std::map<std::string, std::string> LeaderGit::place() const {
  return {{"GIT_DIR", directory_.string()}, {"GIT_WORK_TREE", work_tree_.string()}};
}

git::GitProgram LeaderGit::program() const {
  std::map<std::string, std::string> variables = place();
  variables.insert({{"GIT_CONFIG_NOSYSTEM", "1"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}});
  return services_->git.with(variables, work_tree_);
}

ProcessResult LeaderGit::run(std::vector<std::string> arguments) const {
  if (reads_files(arguments) && fs::exists(drivers_file(directory_))) return run_with_drivers(arguments, "");
  return program().run(std::move(arguments), {}, longest_look);
}

ProcessResult LeaderGit::run_with_drivers(const std::vector<std::string>& arguments,
                                          const std::string& input) const {
  const auto probe = walls_for_drivers(*services_);
  if (!probe) return run_unheld(arguments, input);
  HeldGit held(*services_, directory_, work_tree_, probe.bubblewrap);
  std::map<std::string, std::string> variables = place();
  variables["GIT_INDEX_FILE"] = held.lend_index().string();
  const git::GitProgram git = held.program().with(variables, work_tree_);
  ProcessResult result = git.run(arguments, {}, longest_look, input);
  held.take_index_back();
  held.take_objects();
  return result;
}

ProcessResult LeaderGit::run_unheld(const std::vector<std::string>& arguments,
                                    const std::string& input) const {
  const git::ConfigEntries drivers = split_drivers(services_->repository.configuration_of_files()).drivers;
  const auto refused = drivers_of_branch(drivers, [this](const std::string& path) {
    std::error_code unknown;
    return fs::is_regular_file(work_tree_ / path, unknown);
  });
  if (!refused.empty()) require_no_filter_of_branch(refused, arguments, input);
  std::vector<std::string> whole{"-c", "include.path=" + drivers_file(directory_).string()};
  for (const auto& [key, value] : without(refused)) whole.insert(whole.end(), {"-c", key + "=" + value});
  whole.insert(whole.end(), arguments.begin(), arguments.end());
  return program().run(whole, {}, longest_look, input);
}

void LeaderGit::require_no_filter_of_branch(const std::vector<DriverOfBranch>& refused,
                                            const std::vector<std::string>& arguments,
                                            const std::string& input) const {
  const std::size_t command = place_of_command(arguments);
  const bool adds = arguments[command] == "add";
  std::string paths = input;
  if (adds) {
    std::vector<std::string> changed(arguments.begin(),
                                     arguments.begin() + static_cast<std::ptrdiff_t>(command));
    changed.insert(changed.end(), {"ls-files", "-z", "--modified", "--others", "--exclude-standard"});
    paths = program().run(changed, {}, longest_look).output;
  }
  // What is written to files is not cleaned.
  for (const auto& [path, filter] : filters_of(paths)) {
    for (const DriverOfBranch& driver : refused) {
      if (driver.name == "filter." + filter && (adds || !driver.key.ends_with(".clean")))
        throw DriverRefused(driver);
    }
  }
}

std::vector<std::pair<std::string, std::string>> LeaderGit::filters_of(const std::string& paths) const {
  std::vector<std::pair<std::string, std::string>> filters;
  if (paths.empty()) return filters;
  const ProcessResult attributes =
      program().run({"check-attr", "-z", "--stdin", "filter"}, {}, longest_look, paths);
  // Path, attribute, value.
  const std::vector<std::string> words = split(attributes.output, '\0');
  for (std::size_t at = 0; at + 2 < words.size(); at += 3) filters.emplace_back(words[at], words[at + 2]);
  return filters;
}

std::string LeaderGit::filtered_paths() const {
  const git::ConfigEntries drivers = split_drivers(services_->repository.configuration_of_files()).drivers;
  std::set<std::string> names;
  for (const auto& entry : drivers) names.insert(entry.first.substr(0, entry.first.rfind('.')));
  std::string paths;
  for (const auto& [path, filter] : filters_of(program().run({"ls-files", "-z"}, {}, longest_look).output)) {
    if (names.contains("filter." + filter)) paths += path + '\0';
  }
  return paths;
}

void LeaderGit::fill(const git::ObjectId& commit) const {
  check({"-c", "checkout.workers=0", "read-tree", "--reset", "-u", commit.hex()});
  if (!fs::exists(drivers_file(directory_))) return;
  const std::string paths = filtered_paths();
  if (paths.empty()) return;
  // git writes only what is not there.
  for (const std::string& path : split(paths, '\0')) {
    if (!path.empty()) fs::remove(work_tree_ / path);
  }
  const ProcessResult result = run_with_drivers({"checkout-index", "-u", "-f", "-z", "--stdin"}, paths);
  if (!result.status.success()) fail("checkout-index", result);
}

void LeaderGit::fail(const std::string& command, const ProcessResult& result) const {
  throw Error(ErrorKind::External, fmt::format("git {} failed in {}: {}", command, work_tree_.string(),
                                               trim(last_part(result.error, 500))));
}

std::string LeaderGit::check(const std::vector<std::string>& arguments) const {
  ProcessResult result = run(arguments);
  if (!result.status.success()) fail(arguments.front(), result);
  while (result.output.ends_with('\n')) result.output.pop_back();
  return result.output;
}

}  // namespace changeling::run
