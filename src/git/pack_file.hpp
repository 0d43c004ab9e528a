#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "git/handles.hpp"

namespace changeling::git {

/// Whether it stays when a `git repack` that began before it was on a reference comes to its end: with a file
/// .keep beside it (git-repack(1)), which whoever made it has to remove.
enum class PackKeep { No, Yes };

/// A new pack with whole objects. Without finish() it is as if nothing had been written.
class PackFile {
 public:
  /// `folder` is objects/pack; it is made when it is missing. Throws Error(Io), as the others do.
  explicit PackFile(const std::filesystem::path& folder);
  PackFile(PackFile&&) noexcept;
  ~PackFile();

  git_oid add(git_object_t type, std::string_view content);
  /// Puts the pack in its place, and returns the file that keeps it if there is one. Nothing happens when the
  /// pack is empty.
  std::optional<std::filesystem::path> finish(PackKeep keep);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace changeling::git
