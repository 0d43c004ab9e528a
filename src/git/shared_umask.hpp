#pragma once

#include <sys/stat.h>

#include <optional>
#include <string_view>

namespace changeling::git {

/// The umask with which files and folders get the rights of core.sharedRepository (git-config(1)); nothing
/// where the user's own counts. `ours` is the umask of this process.
std::optional<mode_t> umask_of_shared_repository(std::string_view setting, mode_t ours);

/// The umask of this process.
mode_t current_umask();

/// As long as it lives, what this process makes has the rights of a shared repository. libgit2 and our own
/// writers make files with the umask alone. For the moment of writing only: agents and other programs must
/// get the user's own umask. Folders pass their group on by their setgid bit, which git has set.
class SharedUmask {
 public:
  explicit SharedUmask(const std::optional<mode_t>& wanted);
  SharedUmask(const SharedUmask&) = delete;
  SharedUmask& operator=(const SharedUmask&) = delete;
  ~SharedUmask();

 private:
  std::optional<mode_t> before_;
};

}  // namespace changeling::git
