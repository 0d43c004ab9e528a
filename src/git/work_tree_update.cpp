#include "git/work_tree_update.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "git/file_comparison.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr const char* prepared_name = "new";

/// Names the commit that an update began with while its files may be half written.
fs::path journal_of(const WorkTree& tree) {
  return tree.git_directory / "changeling-update";
}

/// Second names of the files that git is about to replace: a filter that fails or a full disk would else
/// leave no way back to them.
fs::path kept_files_of(const WorkTree& tree) {
  return tree.git_directory / "changeling-kept";
}

void require(const ProcessResult& result, std::string_view what) {
  if (result.status.success()) return;
  throw Error(ErrorKind::External,
              fmt::format("git could not {}: {}", what, trim(last_part(result.error, 1000))));
}

void refresh(const GitProgram& git) {
  // Its exit code only says that something differs.
  run_alone(git, {"update-index", "-q", "--refresh"});
}

/// Removes a file that an update made, with the folders that it made for it.
void remove_made(const fs::path& folder, const std::string& path) {
  // Through a link that has not become a folder yet it would be somebody else's file.
  if (lies_beyond_folders(folder, path)) return;
  std::error_code ignored;
  fs::path place = folder / path;
  if (fs::is_directory(fs::symlink_status(place, ignored))) return;
  fs::remove(place, ignored);
  for (place = place.parent_path(); place != folder && fs::is_empty(place, ignored) && !ignored;
       place = place.parent_path()) {
    fs::remove(place, ignored);
  }
}

}  // namespace

WorkTreeUpdate::WorkTreeUpdate(const GitProgram& git, WorkTree tree, fs::path common_directory, ObjectId from,
                               const ObjectId& to)
    : git_(git),
      tree_(std::move(tree)),
      common_directory_(std::move(common_directory)),
      from_(std::move(from)),
      lock_(tree_.git_directory),
      target_{to, tree_difference(git_in(git_, tree_), from_, to), false} {
  const auto journal = read_regular_file(journal_of(tree_), 100);
  target_.was_begun = journal && trim(*journal) == from_.hex();
  check_ = check_work_tree(git_, tree_, common_directory_, lock_, target_);
  if (!check_.in_the_way.empty()) refuse_to_lose(check_.in_the_way);
}

void WorkTreeUpdate::write() {
  write_file(journal_of(tree_), from_.hex() + "\n");
  keep_files();
  for (const std::string& path : check_.remains) remove_made(tree_.folder, path);
  const fs::path prepared = lock_.copy(prepared_name);
  const GitProgram git = git_in(git_, tree_, prepared);
  try {
    refresh(git);
    stage_written(git);
    read_trees(git, from_, target_.commit);
  } catch (const Error& error) {
    std::error_code ignored;
    fs::remove(prepared, ignored);
    const std::vector<std::string> left = restore();
    if (left.empty()) finish();
    throw Error(error.kind(), error.what(),
                left.empty() ? "nothing was changed; mend the cause and try again"
                             : "these files could not be brought back, see git status: " + join(left, ", "));
  }
  refresh(git);
  lock_.replace_by(prepared);
}

void WorkTreeUpdate::take_back() {
  const fs::path prepared = lock_.copy(prepared_name);
  read_trees(git_in(git_, tree_, prepared), target_.commit, from_);
  lock_.replace_by(prepared);
  finish();
}

void WorkTreeUpdate::finish() {
  std::error_code ignored;
  fs::remove_all(kept_files_of(tree_), ignored);
  fs::remove(journal_of(tree_), ignored);
}

std::vector<std::string> WorkTreeUpdate::submodules() const {
  std::vector<std::string> paths;
  for (const EntryChange& change : target_.changes) {
    if (change.after.is_submodule()) paths.push_back(change.path);
  }
  return paths;
}

void WorkTreeUpdate::keep_files() const {
  const fs::path place = kept_files_of(tree_);
  std::error_code ignored;
  fs::remove_all(place, ignored);
  create_private_directories(place);
  for (std::size_t index = 0; index < check_.unchanged.size(); ++index) {
    // Without links, as on another disk, git writes the old files again.
    fs::create_hard_link(tree_.folder / check_.unchanged[index], place / std::to_string(index), ignored);
  }
}

void WorkTreeUpdate::put_kept_files_back() const {
  const fs::path place = kept_files_of(tree_);
  std::error_code ignored;
  for (std::size_t index = 0; index < check_.unchanged.size(); ++index) {
    const fs::path file = tree_.folder / check_.unchanged[index];
    fs::create_directories(file.parent_path(), ignored);
    fs::rename(place / std::to_string(index), file, ignored);
  }
}

void WorkTreeUpdate::read_trees(const GitProgram& git, const ObjectId& from, const ObjectId& to) const {
  // As `git merge` does, the files of submodules stay at what they are, whatever submodule.recurse says.
  require(run_alone(git, {"read-tree", "-m", "-u", "--no-recurse-submodules", from.hex(), to.hex()}),
          "update the files of this work tree");
}

void WorkTreeUpdate::stage_written(const GitProgram& git) const {
  if (check_.written.empty()) return;
  const std::set<std::string> written(check_.written.begin(), check_.written.end());
  std::string entries;
  for (const EntryChange& change : target_.changes) {
    if (!written.contains(change.path)) continue;
    entries += fmt::format("{} {}\t{}", change.after.mode, change.after.object, change.path) + '\0';
  }
  require(run_alone(git, {"update-index", "-z", "--index-info"}, entries), "prepare the index");
  refresh(git);
}

std::vector<std::string> WorkTreeUpdate::restore() const {
  std::set<std::string> brought_back(check_.unchanged.begin(), check_.unchanged.end());
  brought_back.insert(check_.remains.begin(), check_.remains.end());
  for (const std::string& path : check_.absent) remove_made(tree_.folder, path);
  for (const EntryChange& change : target_.changes) {
    if (!change.before.exists() && brought_back.contains(change.path)) remove_made(tree_.folder, change.path);
  }
  put_kept_files_back();
  const fs::path before = lock_.copy(prepared_name);
  const GitProgram git = git_in(git_, tree_, before);
  const auto changed_files = [&] {
    refresh(git);
    const auto all =
        nul_separated(run_alone(git, {"diff-files", "--name-only", "-z", "--ignore-submodules=all"}).output);
    std::vector<std::string> ours;
    for (const std::string& path : all) {
      if (brought_back.contains(path)) ours.push_back(path);
    }
    return ours;
  };
  std::string paths;
  for (const std::string& path : changed_files()) paths += path + '\0';
  if (!paths.empty()) run_alone(git, {"checkout-index", "--quiet", "--force", "-u", "-z", "--stdin"}, paths);
  const std::vector<std::string> left = changed_files();
  std::error_code ignored;
  fs::remove(before, ignored);
  return left;
}

std::optional<fs::path> WorkTreeUpdate::journal(const WorkTree& tree) {
  const fs::path file = journal_of(tree);
  return fs::exists(file) ? std::optional(file) : std::nullopt;
}

void WorkTreeUpdate::remove_remains(const WorkTree& tree) {
  IndexLock::remove_remains(tree.git_directory);
  std::error_code ignored;
  fs::remove_all(kept_files_of(tree), ignored);
  fs::remove(journal_of(tree), ignored);
}

}  // namespace changeling::git
