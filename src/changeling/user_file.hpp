#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/fields.hpp"

namespace changeling {

/// What the user wants of changelings, whoever defines them.
struct UserSettings {
  Layer defaults;                            ///< For every changeling; weaker than its definition.
  std::map<std::string, Layer> changelings;  ///< By name; stronger than the definition.
};

/// The user's own file: settings for all repositories, then those for some, in the order of the file.
struct UserFile {
  struct ForRepositories {
    std::string pattern;  ///< A path or glob, with "~/" for the home folder, or the URL of a remote.
    UserSettings settings;
  };

  UserSettings everywhere;
  std::vector<ForRepositories> repositories;
};

/// Throws Error(Invalid) for the first mistake, as parse_changelings_file does.
UserFile parse_user_file(std::string_view text, const std::string& file_name);

/// How a repository can be named in the user's file.
struct RepositoryNames {
  std::vector<std::string> paths;  ///< Absolute: the main work tree, the git folder.
  std::vector<std::string> urls;   ///< Of the remotes.
  std::string home;                ///< What "~" stands for; empty: nothing.
};

/// Globs as in git's ignore files; of URLs a final "/" or ".git" does not count.
bool matches_repository(std::string_view pattern, const RepositoryNames& names);

}  // namespace changeling
