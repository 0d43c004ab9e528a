#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "project/project.hpp"
#include "support/environment.hpp"

namespace changeling::project {

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

/// Lets `tick`, and the service for all repositories, know of the project's repository. What has been done
/// stays done when that fails: then a message says so.
void register_repository(Project& project);

/// After the repository has moved here from `before`: `tick` finds it again, if it knew it. Says nothing when
/// that fails; `schedule status` does.
void follow_registration(Project& project, const std::filesystem::path& before);

/// As register_repository, for a definition that a schedule starts; nothing for others.
void register_when_scheduled(Project& project, const Definition& definition);

/// Takes a repository off the list, named by its folder or its git folder, also when it is gone; the
/// project's own one when `path` is empty. Returns what stood on the list. Throws Error(NotFound).
std::filesystem::path forget_repository(Project& project, const std::string& path);

/// Git folders of the repositories that this user has registered, and of the one that the project is opened
/// in, if it is in one. Sorted, each once; those that are gone are among them. Throws Error(NotFound) when a
/// -C leads to none.
std::vector<std::string> repositories_of_user(Project& project);

/// For opening another repository, by its git folder, as this one was opened.
Opening opening_of(const Project& project, const std::string& git_folder);

}  // namespace changeling::project
