#include "git/fresh_objects.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "git/loose_object.hpp"
#include "git/pack_file.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

/// What one operation writes is far less; whoever writes more than this uses packs.
constexpr std::size_t most_remembered = 32U << 20U;

}  // namespace

void FreshObjects::note(const git_oid& id, git_object_t type, std::string_view content) {
  if (bytes_ + content.size() > most_remembered) return;
  bytes_ += content.size();
  objects_.push_back({id, type, std::string(content)});
}

/// Finds what a commit brings beyond its parents.
class FreshObjects::Newcomers {
 public:
  Newcomers(FreshObjects& fresh, git_repository* repository, bool is_partial)
      : fresh_(fresh), repository_(repository), is_partial_(is_partial) {
    check(git_repository_odb(out(database_), repository), "open the objects");
    check(git_odb_refresh(database_.get()), "look for new packs");
  }

  void take_commit(const git_oid& id) {
    CommitHandle commit;
    // Of what we wrote all parts are remembered, and a tree alone does not tell which parts are new.
    if (fresh_.remembers(id) || git_commit_lookup(out(commit), repository_, &id) < 0) return;
    take(id);
    std::vector<TreeHandle> before;
    for (unsigned index = 0; index < git_commit_parentcount(commit.get()); ++index) {
      CommitHandle parent;
      TreeHandle tree;
      if (git_commit_parent(out(parent), commit.get(), index) == 0 &&
          git_commit_tree(out(tree), parent.get()) == 0)
        before.push_back(std::move(tree));
    }
    const bool is_known = std::any_of(before.begin(), before.end(), [&](const TreeHandle& tree) {
      return git_oid_equal(git_tree_id(tree.get()), git_commit_tree_id(commit.get())) != 0;
    });
    if (!is_known) take_tree(*git_commit_tree_id(commit.get()), before);
  }

 private:
  /// False when it is one that was never fetched.
  bool take(const git_oid& id) {
    if (is_partial_ && git_odb_exists(database_.get(), &id) == 0) return false;
    DatabaseObjectHandle object;
    check(git_odb_read(out(object), database_.get(), &id), "keep what was just written");
    fresh_.note(
        id, git_odb_object_type(object.get()),
        {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())});
    return true;
  }

  void take_tree(const git_oid& id, const std::vector<TreeHandle>& before) {
    if (fresh_.remembers(id) || !take(id)) return;
    TreeHandle tree;
    check(git_tree_lookup(out(tree), repository_, &id), "keep what was just written");
    for (std::size_t index = 0; index < git_tree_entrycount(tree.get()); ++index) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), index);
      const git_oid* entry_id = git_tree_entry_id(entry);
      const git_object_t type = git_tree_entry_type(entry);
      std::vector<TreeHandle> folders;
      bool is_known = type == GIT_OBJECT_COMMIT;  // A submodule's: it is not in this repository.
      for (const TreeHandle& earlier : before) {
        const git_tree_entry* was = git_tree_entry_byname(earlier.get(), git_tree_entry_name(entry));
        if (was == nullptr) continue;
        is_known |= git_oid_equal(git_tree_entry_id(was), entry_id) != 0;
        TreeHandle folder;
        if (git_tree_entry_type(was) == GIT_OBJECT_TREE &&
            git_tree_lookup(out(folder), repository_, git_tree_entry_id(was)) == 0)
          folders.push_back(std::move(folder));
      }
      if (is_known) continue;
      if (type == GIT_OBJECT_TREE) {
        take_tree(*entry_id, folders);
      } else if (!fresh_.remembers(*entry_id)) {
        take(*entry_id);
      }
    }
  }

  FreshObjects& fresh_;
  git_repository* repository_;
  bool is_partial_;
  ObjectDatabaseHandle database_;
};

void FreshObjects::take_over(git_repository* repository, const git_oid& id, bool is_partial) {
  Newcomers(*this, repository, is_partial).take_commit(id);
}

bool FreshObjects::remembers(const git_oid& id) const {
  return std::any_of(objects_.begin(), objects_.end(),
                     [&](const Object& object) { return git_oid_equal(&object.id, &id) != 0; });
}

void FreshObjects::restore(const fs::path& common_directory, git_odb* database) const {
  for (const Object& object : objects_) {
    const std::string hex = from_oid(object.id).hex();
    std::error_code gone;
    if (fs::exists(common_directory / "objects" / hex.substr(0, 2) / hex.substr(2), gone)) continue;
    // Packed meanwhile, or deleted.
    check(git_odb_refresh(database), "look for new packs");
    if (git_odb_exists(database, &object.id) == 0)
      write_loose_object(common_directory / "objects", object.type, object.content);
  }
}

void FreshObjects::protect(const fs::path& common_directory, git_odb* database) const {
  // In this order: a gc that begins after the first look finds the reference.
  if (is_collecting_garbage(common_directory)) {
    PackFile pack(common_directory / "objects" / "pack");
    for (const Object& object : objects_) pack.add(object.type, object.content);
    pack.finish(PackKeep::No);
  } else {
    restore(common_directory, database);
  }
}

void FreshObjects::secure(const fs::path& common_directory, git_odb* database) {
  protect(common_directory, database);
  objects_.clear();
  bytes_ = 0;
  release_packs();
}

void FreshObjects::release_packs() {
  std::error_code ignored;
  for (const fs::path& keeper : keepers_) fs::remove(keeper, ignored);
  keepers_.clear();
}

bool is_collecting_garbage(const fs::path& common_directory) {
  // "PID HOST"; a killed gc leaves it behind.
  std::string text;
  try {
    text = read_file_if_exists(common_directory / "gc.pid").value_or("");
  } catch (const Error&) {
    return true;
  }
  const long process = std::strtol(text.c_str(), nullptr, 10);
  return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

}  // namespace changeling::git
