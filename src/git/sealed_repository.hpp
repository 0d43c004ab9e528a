#pragma once

#include <filesystem>
#include <string>

#include "git/repository_place.hpp"

namespace changeling::git {

/// A git directory of ours over the references and objects of a repository: links lead to those, and
/// everything that makes git start other programs is its own: the configuration as it was once read, no
/// hooks, no excludes. What somebody writes into the repository's configuration or hooks meanwhile means
/// nothing to a git that works here. It has no work trees but the one that git is told.
class SealedRepository {
 public:
  /// Makes it in `folder`, below the repository's, in the place of whatever is there. `config` is a whole
  /// file of configuration.
  SealedRepository(std::filesystem::path folder, const RepositoryPlace& source, const std::string& config);

  const std::filesystem::path& folder() const { return folder_; }
  /// A folder whose repository this is, for programs that look for it.
  std::filesystem::path tree() const { return folder_ / "tree"; }
  /// Writes the configuration again if the file has another content: to be called before git reads it.
  void refresh() const;

 private:
  std::filesystem::path folder_;
  std::string config_;
};

/// Settings that no configuration may have where nothing but git itself is to run; to be appended.
std::string seal_settings();

}  // namespace changeling::git
