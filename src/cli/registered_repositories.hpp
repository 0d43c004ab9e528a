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
  explicit RegisteredRepositories(const Environment& environment);

  const std::filesystem::path& file() const { return file_; }
  /// Sorted; also those that are gone by now. Lines that are no absolute path are left out.
  std::vector<std::filesystem::path> list() const;
  /// Whether it was not there yet. Throws Error(Invalid) for a path that a line cannot hold.
  bool add(const std::filesystem::path& common_directory);
  /// Whether it was there.
  bool remove(const std::filesystem::path& common_directory);

 private:
  void write(const std::vector<std::filesystem::path>& paths) const;

  std::filesystem::path file_;
};

/// Lets `tick` know of the context's repository. What has been done stays done when that fails: then a
/// message says so.
void register_repository(Context& context);

/// As register_repository, for a definition that a schedule starts; nothing for others.
void register_when_scheduled(Context& context, const Definition& definition);

}  // namespace changeling::cli
