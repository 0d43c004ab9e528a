#include "run/leader_git.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "git/config_text.hpp"
#include "git/sealed_repository.hpp"
#include "run/lfs.hpp"
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

std::string leader_config(const project::Services& services) {
  git::ConfigEntries entries = services.repository.configuration_of_files();
  std::erase_if(entries, [](const auto& entry) { return is_about_a_place(entry.first); });
  entries.emplace_back("core.bare", "false");
  // Would refuse to add what the agent wrote.
  entries.emplace_back("core.safecrlf", "false");
  entries.emplace_back("lfs.storage", lfs_folder(services).string());
  return git::config_text(entries) + git::seal_settings();
}

LeaderGit::LeaderGit(const project::Services& services, fs::path directory, fs::path work_tree)
    : services_(&services), directory_(std::move(directory)), work_tree_(std::move(work_tree)) {}

ProcessResult LeaderGit::run(std::vector<std::string> arguments) const {
  const std::map<std::string, std::string> place{{"GIT_DIR", directory_.string()},
                                                 {"GIT_WORK_TREE", work_tree_.string()},
                                                 {"GIT_CONFIG_NOSYSTEM", "1"},
                                                 {"GIT_CONFIG_GLOBAL", "/dev/null"}};
  return services_->git.with(place, work_tree_).run(std::move(arguments), {}, longest_look);
}

std::string LeaderGit::check(const std::vector<std::string>& arguments) const {
  ProcessResult result = run(arguments);
  if (!result.status.success()) {
    throw Error(ErrorKind::External, fmt::format("git {} failed in {}: {}", arguments.front(),
                                                 work_tree_.string(), trim(last_part(result.error, 500))));
  }
  while (result.output.ends_with('\n')) result.output.pop_back();
  return result.output;
}

}  // namespace changeling::run
