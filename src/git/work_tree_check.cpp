#include "git/work_tree_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>

#include "git/file_comparison.hpp"
#include "git/private_work_tree.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

std::string nul_terminated(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text += path + '\0';
  return text;
}

class Check {
 public:
  Check(const GitProgram& git, const WorkTree& tree, const fs::path& common_directory, const IndexLock& lock,
        const WorkTreeTarget& target)
      : git_(git), tree_(tree), common_directory_(common_directory), lock_(lock), target_(target) {}

  WorkTreeCheck run() {
    index_ = index_entries(git_in(git_, tree_));
    ignores_case_ = git_in(git_, tree_).run({"config", "--bool", "core.ignoreCase"}).output == "true\n";
    for (const EntryChange& change : target_.changes) sort_out(change);
    find_changed_files();
    if (!candidates_.empty()) compare_candidates();
    const auto by_path = [](const FileInTheWay& one, const FileInTheWay& two) { return one.path < two.path; };
    std::sort(result_.in_the_way.begin(), result_.in_the_way.end(), by_path);
    return std::move(result_);
  }

 private:
  using Reason = FileInTheWay::Reason;

  void block(const std::string& path, Reason reason) { result_.in_the_way.push_back({path, reason}); }

  /// The rules of a two-tree merge in git-read-tree(1), by what the index has.
  void sort_out(const EntryChange& change) {
    const auto found = index_.find(change.path);
    const IndexEntry staged = found == index_.end() ? IndexEntry() : found->second;
    if (staged.unmerged) return block(change.path, Reason::Unmerged);
    if (staged.entry == change.after) return;
    if (staged.entry != change.before) return block(change.path, Reason::Staged);
    if (!change.before.exists()) return look_at_place_of(change);
    // A submodule's files are its own business.
    if (change.before.is_submodule()) return;
    in_index_.emplace(change.path, staged.hides_changes);
    if (change.after.exists()) stays_.insert(change.path);
  }

  bool is_tracked(const std::string& path) {
    if (index_.contains(path)) return true;
    if (!ignores_case_) return false;
    if (folded_.empty()) {
      for (const auto& [name, entry] : index_) folded_.insert(to_lower(name));
    }
    return folded_.contains(to_lower(path));
  }

  /// A file of the target is compared with what lies there instead.
  bool is_brought(const std::string& path) const {
    const auto& changes = target_.changes;
    return std::any_of(changes.begin(), changes.end(), [&](const EntryChange& change) {
      return change.path == path && change.after.exists();
    });
  }

  /// Whether a killed update has made a folder of this file, or a file or link of a folder that it is in.
  bool was_turned(const std::string& path) {
    if (!target_.was_begun || stays_.contains(path)) return false;
    if (lies_beyond_folders(tree_.folder, path)) return true;
    if (!fs::is_directory(fs::symlink_status(tree_.folder / path))) return false;
    look_for_untracked_files_in(path);
    return true;
  }

  /// What lies where the update makes a file. git would overwrite it when it is ignored.
  void look_at_place_of(const EntryChange& change) {
    const fs::path whole = change.path;
    fs::path place;
    for (const fs::path& part : whole.parent_path()) {
      place /= part;
      const fs::file_status status = fs::symlink_status(tree_.folder / place);
      if (!fs::exists(status)) return result_.absent.push_back(change.path);
      if (fs::is_directory(status)) continue;
      // A tracked file that becomes a folder is one of the changes itself.
      if (!is_tracked(place.string())) return block(place.string(), Reason::Untracked);
      return result_.absent.push_back(change.path);
    }
    const fs::file_status status = fs::symlink_status(tree_.folder / whole);
    if (!fs::exists(status)) return result_.absent.push_back(change.path);
    if (is_tracked(change.path)) return;
    if (!fs::is_directory(status)) {
      candidates_.emplace(change.path, Reason::Untracked);
    } else if (!change.after.is_submodule()) {
      look_for_untracked_files_in(whole);
      result_.absent.push_back(change.path);
    }
  }

  void look_for_untracked_files_in(const fs::path& folder) {
    std::error_code ignored;
    fs::recursive_directory_iterator entry(tree_.folder / folder, ignored);
    for (; !ignored && entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
      if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) continue;
      const std::string path = entry->path().lexically_relative(tree_.folder).string();
      if (!is_tracked(path) && !is_brought(path)) block(path, Reason::Untracked);
    }
  }

  void find_changed_files() {
    if (in_index_.empty()) return;
    const fs::path probe = lock_.copy("check");
    const GitProgram git = git_in(git_, tree_, probe);
    std::vector<std::string> hidden;
    for (const auto& [path, hides_changes] : in_index_) {
      if (hides_changes && fs::exists(fs::symlink_status(tree_.folder / path))) hidden.push_back(path);
    }
    if (!hidden.empty()) {
      const auto reveal = [&](const std::string& option) {
        run_alone(git, {"update-index", option, "-z", "--stdin"}, nul_terminated(hidden));
      };
      reveal("--no-assume-unchanged");
      reveal("--no-skip-worktree");
    }
    run_alone(git, {"update-index", "-q", "--refresh"});
    const ProcessResult compared =
        run_alone(git, {"diff-files", "--name-only", "-z", "--ignore-submodules=all"});
    if (!compared.status.success())
      throw Error(ErrorKind::External, fmt::format("git cannot read files of this work tree: {}",
                                                   trim(last_part(compared.error, 500))));
    const auto changed = nul_separated(compared.output);
    const std::set<std::string> names(changed.begin(), changed.end());
    for (const auto& [path, hides_changes] : in_index_) {
      if (!names.contains(path)) {
        result_.unchanged.push_back(path);
      } else if (was_turned(path)) {
        result_.remains.push_back(path);
      } else {
        candidates_.emplace(path, hides_changes ? Reason::Hidden : Reason::Changed);
      }
    }
    std::error_code ignored;
    fs::remove(probe, ignored);
  }

  /// What differs from the index may be what the target brings, by a killed update or by hand.
  void compare_candidates() {
    const PrivateWorkTree wanted(git_, common_directory_, target_.commit);
    std::vector<std::string> kept;
    for (const EntryChange& change : target_.changes) {
      if (candidates_.contains(change.path) && change.after.exists()) kept.push_back(change.path);
    }
    run_alone(wanted.git(),
              {"-c", "core.sparseCheckout=false", "checkout-index", "--quiet", "--force", "-z", "--stdin"},
              nul_terminated(kept));
    for (const auto& [path, reason] : candidates_) {
      switch (compare_files(tree_.folder / path, wanted.files() / path)) {
        case FileComparison::Same:
          // git takes no file that a killed update has put in the place of a folder, so it is made once more.
          (target_.was_begun ? result_.remains : result_.written).push_back(path);
          break;
        case FileComparison::BothMissing:
          if (target_.was_begun) result_.remains.push_back(path);
          break;
        case FileComparison::Missing:
        case FileComparison::Beginning:
          if (target_.was_begun) {
            result_.remains.push_back(path);
          } else {
            block(path, reason);
          }
          break;
        case FileComparison::Different:
          block(path, reason);
          break;
      }
    }
  }

  const GitProgram& git_;
  const WorkTree& tree_;
  const fs::path& common_directory_;
  const IndexLock& lock_;
  const WorkTreeTarget& target_;
  IndexEntries index_;
  bool ignores_case_ = false;
  std::unordered_set<std::string> folded_;  ///< Names of the index in lower case, once they are asked for.
  std::map<std::string, bool> in_index_;    ///< As before in the index; whether it hides changes of the file.
  std::set<std::string> stays_;             ///< Those of them that the target has, too.
  std::map<std::string, Reason> candidates_;  ///< Files with another content than the index has.
  WorkTreeCheck result_;
};

std::string listed(const std::vector<std::string>& paths) {
  constexpr std::size_t most = 20;
  if (paths.size() <= most) return join(paths, ", ");
  return fmt::format("{} and {} more", join({paths.begin(), paths.begin() + most}, ", "),
                     paths.size() - most);
}

}  // namespace

WorkTreeCheck check_work_tree(const GitProgram& git, const WorkTree& tree, const fs::path& common_directory,
                              const IndexLock& lock, const WorkTreeTarget& target) {
  return Check(git, tree, common_directory, lock, target).run();
}

void refuse_to_lose(const std::vector<FileInTheWay>& files) {
  using Reason = FileInTheWay::Reason;
  const auto having = [&](std::initializer_list<Reason> reasons) {
    std::vector<std::string> paths;
    for (const FileInTheWay& file : files) {
      if (std::find(reasons.begin(), reasons.end(), file.reason) != reasons.end()) paths.push_back(file.path);
    }
    return paths;
  };
  std::vector<std::string> sentences;
  std::vector<std::string> hints;
  const auto say = [&](const std::vector<std::string>& paths, std::string_view what, std::string_view hint) {
    if (paths.empty()) return;
    sentences.push_back(fmt::format("{}: {}", what, listed(paths)));
    hints.emplace_back(hint);
  };
  say(having({Reason::Changed, Reason::Staged}), "uncommitted changes would be lost in",
      "commit or stash them first: git stash");
  say(having({Reason::Hidden}), "changes that git was told not to look at would be lost in",
      "look at them after: git update-index --no-assume-unchanged --no-skip-worktree FILE");
  say(having({Reason::Untracked}), "files that git does not track would be overwritten",
      "move them away, or stash them too: git stash --all");
  say(having({Reason::Unmerged}), "a merge is unfinished in", "finish it, and: git add FILE");
  throw Error(ErrorKind::Conflict, join(sentences, "; "), "nothing was changed; " + join(hints, "; "));
}

}  // namespace changeling::git
