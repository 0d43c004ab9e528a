#include "forge/work_trees.hpp"

#include <algorithm>
#include <array>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

namespace fs = std::filesystem;

constexpr int most_steps = 5;  ///< Symbolic references after each other; git itself follows as many.

std::string first_line(const fs::path& file) {
  const std::string content = read_file_if_exists(file).value_or("");
  return std::string(trim(std::string_view(content).substr(0, content.find('\n'))));
}

bool has_line(const fs::path& file, const std::string& wanted) {
  const auto lines = split_lines(read_file_if_exists(file).value_or(""));
  return std::find(lines.begin(), lines.end(), wanted) != lines.end();
}

/// What goes on in the work tree whose own git directory this is (gitrepository-layout(5)).
std::string operation_under_way(const fs::path& git_directory) {
  if (fs::exists(git_directory / "rebase-apply" / "applying")) return "am";
  if (fs::exists(git_directory / "rebase-merge") || fs::exists(git_directory / "rebase-apply"))
    return "rebase";
  static constexpr std::array<std::pair<const char*, const char*>, 4> files{
      {{"MERGE_HEAD", "merge"},
       {"REVERT_HEAD", "revert"},
       {"CHERRY_PICK_HEAD", "cherry-pick"},
       // Between two commits of a series.
       {"sequencer/todo", "cherry-pick"}}};
  for (const auto& [file, operation] : files) {
    if (fs::exists(git_directory / file)) return operation;
  }
  return "";
}

/// HEAD is detached while a branch is rebased; its name, and those of others that move with it, are kept
/// aside.
bool is_rebased(const fs::path& git_directory, const std::string& reference) {
  return first_line(git_directory / "rebase-merge" / "head-name") == reference ||
         first_line(git_directory / "rebase-apply" / "head-name") == reference ||
         has_line(git_directory / "rebase-merge" / "update-refs", reference);
}

bool is_on(const git::GitProgram& git, const fs::path& git_directory, const std::string& reference) {
  return end_of_symbolic(git, git_directory, "HEAD") == reference || is_rebased(git_directory, reference);
}

/// Also a bare repository whose files lie elsewhere (`git --git-dir=… --work-tree=…`) has an index.
bool has_files(const fs::path& git_directory) {
  return fs::exists(git_directory / "index");
}

WorkTreeOnBranch main_work_tree(const git::GitProgram& git, const fs::path& common_directory) {
  using Place = WorkTreeOnBranch::Place;
  const std::string operation = operation_under_way(common_directory);
  // Knows of core.worktree, as in submodules.
  const ProcessResult configured = git.run({"rev-parse", "--show-toplevel"}, common_directory);
  if (configured.status.success()) return {fs::path(trim(configured.output)), Place::Other, operation};
  if (common_directory.filename() != ".git") return {common_directory, Place::Unknown, operation};
  return {common_directory.parent_path(), Place::Other, operation};
}

std::optional<fs::path> git_directory_of(const git::GitProgram& git, const fs::path& folder) {
  const ProcessResult result = git.run({"rev-parse", "--absolute-git-dir"}, folder);
  if (!result.status.success()) return std::nullopt;
  return fs::weakly_canonical(result.output.substr(0, result.output.find_last_not_of('\n') + 1));
}

}  // namespace

std::string end_of_symbolic(const git::GitProgram& git, const fs::path& git_directory,
                            const std::string& reference) {
  const git::GitProgram there = git.with({{"GIT_DIR", git_directory.string()}}, git_directory);
  std::string name = reference;
  for (int step = 0; step < most_steps; ++step) {
    const ProcessResult result = there.run({"symbolic-ref", "--quiet", name});
    if (!result.status.success()) break;
    name = trim(result.output);
  }
  return name;
}

std::vector<WorkTreeOnBranch> work_trees_on(const git::GitProgram& git, const fs::path& common_directory,
                                            const std::optional<git::WorkTree>& opened,
                                            const std::string& reference) {
  using Place = WorkTreeOnBranch::Place;
  std::vector<WorkTreeOnBranch> found;
  if (opened && has_files(opened->git_directory) && is_on(git, opened->git_directory, reference))
    found.push_back({opened->folder, Place::Opened, operation_under_way(opened->git_directory)});
  const bool opened_main = opened && opened->git_directory == common_directory;
  if (!opened_main && has_files(common_directory) && is_on(git, common_directory, reference))
    found.push_back(main_work_tree(git, common_directory));

  for (const git::LinkedWorkTree& tree : git::linked_work_trees(git, common_directory)) {
    // What is detached may be in a rebase of the branch.
    const bool may_be_rebased = tree.reference.empty();
    if (!may_be_rebased && end_of_symbolic(git, common_directory, tree.reference) != reference) continue;
    if (!fs::is_directory(tree.folder)) {
      if (tree.locked && !may_be_rebased) found.push_back({tree.folder, Place::Absent, ""});
      continue;
    }
    const auto git_directory = git_directory_of(git, tree.folder);
    if (!git_directory || (opened && *git_directory == opened->git_directory)) continue;
    if (may_be_rebased && !is_rebased(*git_directory, reference)) continue;
    found.push_back({tree.folder, Place::Other, operation_under_way(*git_directory)});
  }
  return found;
}

}  // namespace changeling::forge
