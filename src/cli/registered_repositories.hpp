#pragma once

#include <filesystem>
#include <vector>

#include "changeling/definition.hpp"
#include "cli/context.hpp"
#include "support/environment.hpp"

namespace changeling::cli {

/// The repositories of this user that `tick` looks at: $XDG_DATA_HOME/git-changeling/repositories, the
/// absolute path of a git common directory a line, sorted, readable by the owner only. Every change happens
/// in one step and under a lock.
class RegisteredRepositories {
 public:
  /// Without a home folder there are none, and none can be added.
  explicit RegisteredRepositories(const Environment& environment);

  const std::filesystem::path& file() const { return file_; }
  /// Sorted; also those that are gone by now. Lines that are no absolute path are left out.
  std::vector<std::filesystem::path> list() const;
  /// Whether it was not there yet. Throws Error(Invalid) for a path that a line cannot hold.
  bool add(const std::filesystem::path& common_directory);
  /// Whether `from` was there and has become `to`.
  bool move(const std::filesystem::path& from, const std::filesystem::path& to);
  /// Whether it was there.
  bool remove(const std::filesystem::path& common_directory);

 private:
  void write(const std::vector<std::filesystem::path>& paths) const;

  Environment environment_;
  std::filesystem::path file_;  ///< Empty without a home folder.
};

/// Lets `tick` know of the context's repository. What has been done stays done when that fails: then a
/// message says so.
void register_repository(Context& context);

/// After the repository has moved here from `before`: `tick` finds it again, if it knew it. Says nothing when
/// that fails; `schedule status` does.
void follow_registration(Context& context, const std::filesystem::path& before);

/// As register_repository, for a definition that a schedule starts; nothing for others.
void register_when_scheduled(Context& context, const Definition& definition);

}  // namespace changeling::cli
