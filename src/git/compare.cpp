#include <algorithm>

#include "git/repository_state.hpp"
#include "git/shallow_history.hpp"
#include "support/error.hpp"

namespace changeling::git {
namespace {

DiffHandle diff_commits(git_repository* repository, git_tree* from, git_tree* to) {
  git_diff_options options{};
  check(git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION), "compare two commits");
  DiffHandle diff;
  check(git_diff_tree_to_tree(out(diff), repository, from, to, &options), "compare two commits");
  return diff;
}

void find_renames(git_diff* diff) {
  git_diff_find_options options{};
  check(git_diff_find_options_init(&options, GIT_DIFF_FIND_OPTIONS_VERSION), "find renamed files");
  check(git_diff_find_similar(diff, &options), "find renamed files");
}

FileChange::Kind change_kind(git_delta_t status) {
  switch (status) {
    case GIT_DELTA_ADDED:
      return FileChange::Kind::Added;
    case GIT_DELTA_DELETED:
      return FileChange::Kind::Deleted;
    case GIT_DELTA_RENAMED:
      return FileChange::Kind::Renamed;
    case GIT_DELTA_TYPECHANGE:
      return FileChange::Kind::TypeChanged;
    default:
      return FileChange::Kind::Modified;
  }
}

}  // namespace

bool Repository::is_ancestor(const ObjectId& ancestor, const ObjectId& descendant) const {
  if (ancestor == descendant) return true;
  if (is_shallow()) return ShallowHistory(state_->raw()).is_ancestor(ancestor, descendant);
  const git_oid above = to_oid(ancestor);
  const git_oid below = to_oid(descendant);
  const int code = git_graph_descendant_of(state_->raw(), &below, &above);
  check(code, "compare two commits");
  return code == 1;
}

std::optional<ObjectId> Repository::merge_base(const ObjectId& one, const ObjectId& two) const {
  if (is_shallow()) return ShallowHistory(state_->raw()).merge_base(one, two);
  const git_oid first = to_oid(one);
  const git_oid second = to_oid(two);
  git_oid base;
  const int code = git_merge_base(&base, state_->raw(), &first, &second);
  if (code == GIT_ENOTFOUND) return std::nullopt;
  check(code, "find the merge base");
  return from_oid(base);
}

std::vector<FileChange> Repository::changes(const ObjectId& from_commit, const ObjectId& to_commit) const {
  const TreeHandle from = state_->commit_tree(from_commit);
  const TreeHandle to = state_->commit_tree(to_commit);
  const DiffHandle diff = diff_commits(state_->raw(), from.get(), to.get());
  find_renames(diff.get());
  std::vector<FileChange> changes;
  for (std::size_t index = 0; index < git_diff_num_deltas(diff.get()); ++index) {
    PatchHandle patch;
    check(git_patch_from_diff(out(patch), diff.get(), index), "read a difference");
    const git_diff_delta* delta = git_diff_get_delta(diff.get(), index);
    FileChange change;
    change.path = delta->new_file.path;
    change.old_path = delta->old_file.path;
    change.kind = change_kind(delta->status);
    change.binary = (delta->flags & GIT_DIFF_FLAG_BINARY) != 0;
    if (patch) {
      check(git_patch_line_stats(nullptr, &change.added_lines, &change.deleted_lines, patch.get()),
            "count lines");
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

std::string Repository::diff_text(const ObjectId& from_commit, const ObjectId& to_commit) const {
  const TreeHandle from = state_->commit_tree(from_commit);
  const TreeHandle to = state_->commit_tree(to_commit);
  const DiffHandle diff = diff_commits(state_->raw(), from.get(), to.get());
  find_renames(diff.get());
  Buffer text;
  check(git_diff_to_buf(text.get(), diff.get(), GIT_DIFF_FORMAT_PATCH), "write a difference");
  return std::string(text.view());
}

std::optional<std::string> Repository::patch_id(const ObjectId& from_commit,
                                                const ObjectId& to_commit) const {
  const TreeHandle from = state_->commit_tree(from_commit);
  const TreeHandle to = state_->commit_tree(to_commit);
  const DiffHandle diff = diff_commits(state_->raw(), from.get(), to.get());
  if (git_diff_num_deltas(diff.get()) == 0) return std::nullopt;
  git_oid id;
  check(git_diff_patchid(&id, diff.get(), nullptr), "identify a change");
  return from_oid(id).hex();
}

}  // namespace changeling::git
