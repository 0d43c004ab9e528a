#include "forge/work_trees.hpp"

#include <array>
#include <optional>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> first_line(const fs::path& file) {
  const auto content = read_file_if_exists(file);
  if (!content) return std::nullopt;
  return std::string(trim(std::string_view(*content).substr(0, content->find('\n'))));
}

/// What goes on in the work tree whose own git directory this is.
std::string operation_under_way(const fs::path& git_directory) {
  if (fs::exists(git_directory / "rebase-merge") || fs::exists(git_directory / "rebase-apply"))
    return "rebase";
  static constexpr std::array<std::pair<const char*, const char*>, 3> files{
      {{"MERGE_HEAD", "merge"}, {"CHERRY_PICK_HEAD", "cherry-pick"}, {"REVERT_HEAD", "revert"}}};
  for (const auto& [file, operation] : files) {
    if (fs::exists(git_directory / file)) return operation;
  }
  return "";
}

/// HEAD is detached while a branch is rebased; its name is kept aside.
bool is_on_branch(const fs::path& git_directory, const std::string& reference) {
  if (first_line(git_directory / "HEAD") == "ref: " + reference) return true;
  return first_line(git_directory / "rebase-merge" / "head-name") == reference ||
         first_line(git_directory / "rebase-apply" / "head-name") == reference;
}

fs::path resolved(const fs::path& path, const fs::path& base) {
  std::error_code ignored;
  return fs::weakly_canonical(path.is_absolute() ? path : base / path, ignored);
}

std::optional<fs::path> main_work_tree(const git::Repository& repository) {
  const fs::path& common = repository.common_directory();
  if (const auto configured = repository.config("core.worktree")) return resolved(*configured, common);
  if (repository.config_bool("core.bare", false) || common.filename() != ".git") return std::nullopt;
  return common.parent_path();
}

}  // namespace

std::vector<WorkTreeOnBranch> work_trees_on_branch(const git::Repository& repository,
                                                   const std::string& branch) {
  const std::string reference = "refs/heads/" + branch;
  const fs::path& common = repository.common_directory();
  const auto current = repository.work_tree();
  std::vector<WorkTreeOnBranch> found;
  const auto consider = [&](const fs::path& work_tree, const fs::path& git_directory) {
    if (!is_on_branch(git_directory, reference) || !fs::is_directory(work_tree)) return;
    found.push_back({work_tree, current == work_tree, operation_under_way(git_directory)});
  };

  if (const auto main = main_work_tree(repository)) consider(*main, common);
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(common / "worktrees", none)) {
    // The file names the ".git" file inside the work tree.
    if (const auto link = first_line(entry.path() / "gitdir")) {
      consider(resolved(*link, entry.path()).parent_path(), entry.path());
    }
  }
  return found;
}

}  // namespace changeling::forge
