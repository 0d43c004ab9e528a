#include <algorithm>

#include "git/repository_state.hpp"
#include "support/error.hpp"

namespace changeling::git {
namespace {

/// Whether the entry at `path` in the tree is this blob; false when there is none.
bool is_entry(const git_tree* tree, const std::string& path, const git_oid& id) {
  TreeEntryHandle entry;
  if (git_tree_entry_bypath(out(entry), tree, path.c_str()) != 0) return false;
  return git_oid_equal(git_tree_entry_id(entry.get()), &id) == 1;
}

/// Whether file and index at `path` hold nothing but what `target` brings. libgit2 counts a file that is new
/// in the target as a conflict even then, which would stop a checkout that was cut off from being repeated.
bool has_content_of(git_repository* repository, const git_tree* target, const std::string& path) {
  git_oid id;
  if (git_repository_hashfile(&id, repository, path.c_str(), GIT_OBJECT_BLOB, nullptr) != 0) return false;
  if (!is_entry(target, path, id)) return false;
  IndexHandle index;
  check(git_repository_index(out(index), repository), "open the index");
  const git_index_entry* staged = git_index_get_bypath(index.get(), path.c_str(), GIT_INDEX_STAGE_NORMAL);
  return staged == nullptr || git_oid_equal(&staged->id, &id) == 1;
}

git_checkout_options checkout_options() {
  git_checkout_options options{};
  check(git_checkout_options_init(&options, GIT_CHECKOUT_OPTIONS_VERSION), "prepare a checkout");
  return options;
}

git_checkout_options safe_checkout(std::vector<std::string>& conflicts) {
  git_checkout_options options = checkout_options();
  options.checkout_strategy = GIT_CHECKOUT_SAFE;
  options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT;
  options.notify_payload = &conflicts;
  options.notify_cb = [](git_checkout_notify_t, const char* path, const git_diff_file*, const git_diff_file*,
                         const git_diff_file*, void* payload) {
    static_cast<std::vector<std::string>*>(payload)->emplace_back(path);
    return 0;
  };
  return options;
}

int checkout(git_repository* repository, const git_tree* target, const git_checkout_options& options) {
  return git_checkout_tree(repository, reinterpret_cast<const git_object*>(target), &options);
}

}  // namespace

void Repository::update_work_tree(const ObjectId& target) {
  const TreeHandle tree = state_->commit_tree(target);
  std::vector<std::string> conflicts;
  const int code = checkout(state_->raw(), tree.get(), safe_checkout(conflicts));
  if (code != GIT_ECONFLICT && conflicts.empty()) {
    check(code, "update the work tree");
    return;
  }
  const auto lost = std::partition(conflicts.begin(), conflicts.end(), [&](const std::string& path) {
    return has_content_of(state_->raw(), tree.get(), path);
  });
  if (lost != conflicts.end() || conflicts.empty()) {
    std::sort(lost, conflicts.end());
    std::string files;
    std::for_each(lost, conflicts.end(),
                  [&](const std::string& path) { files += (files.empty() ? "" : ", ") + path; });
    throw Error(ErrorKind::Conflict, "uncommitted changes would be lost in: " + files,
                "commit or stash them first: git stash");
  }

  // Everything in the way is the target's own content: take the rest safely, then these files by name.
  std::vector<char*> paths;
  for (std::string& path : conflicts) paths.push_back(path.data());
  std::vector<std::string> ignored;
  git_checkout_options rest = safe_checkout(ignored);
  rest.checkout_strategy |= GIT_CHECKOUT_ALLOW_CONFLICTS;
  check(checkout(state_->raw(), tree.get(), rest), "update the work tree");
  git_checkout_options named = checkout_options();
  named.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
  named.paths = {paths.data(), paths.size()};
  check(checkout(state_->raw(), tree.get(), named), "update the work tree");
}

}  // namespace changeling::git
