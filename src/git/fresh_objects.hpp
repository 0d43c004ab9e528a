#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "git/handles.hpp"

namespace changeling::git {

/// What was written and is on no reference yet. `git gc --prune=now` at that moment takes it for garbage,
/// also right after a reference leads to it, when it had looked at the references before. So once the
/// reference has been moved, what is missing is written again; and while a gc is still at work, everything
/// goes into a pack of its own besides: prune deletes loose objects only, and a repack only packs that it saw
/// when it began.
class FreshObjects {
 public:
  FreshObjects() = default;
  FreshObjects(const FreshObjects&) = delete;
  FreshObjects& operator=(const FreshObjects&) = delete;
  ~FreshObjects() { release_packs(); }

  /// Whether it will be written again should it be missing.
  bool remembers(const git_oid& id) const;
  void note(const git_oid& id, git_object_t type, std::string_view content);
  /// Takes a commit that a git program has written as if it were ours, with what it brings beyond its
  /// parents. Nothing happens with a tree. Throws Error(Git) when some of it is gone already, unless the
  /// repository may lack objects.
  void take_over(git_repository* repository, const git_oid& id, bool is_partial);
  /// A pack whose .keep this is holds some of them.
  void keep(std::filesystem::path keeper) { keepers_.push_back(std::move(keeper)); }

  /// Writes again what is missing. To be called before a reference is to lead to them.
  void restore(const std::filesystem::path& common_directory, git_odb* database) const;
  /// To be called when a reference leads to them that may go again: they stay remembered.
  void protect(const std::filesystem::path& common_directory, git_odb* database) const;
  /// To be called when a reference leads to them.
  void secure(const std::filesystem::path& common_directory, git_odb* database);

 private:
  struct Object {
    git_oid id;
    git_object_t type;
    std::string content;
  };
  class Newcomers;
  void release_packs();

  std::vector<Object> objects_;
  std::size_t bytes_ = 0;
  std::vector<std::filesystem::path> keepers_;
};

/// Whether a `git gc` of this machine is at work on the repository, by its gc.pid.
bool is_collecting_garbage(const std::filesystem::path& common_directory);

}  // namespace changeling::git
