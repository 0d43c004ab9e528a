#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// A file or folder that decides what runs with the rights of people or of a server: changed on a pushed
/// branch, some of it runs before anybody has looked.
struct ProtectedPath {
  enum class Place { Root, Anywhere };
  std::string_view
      word;  ///< One component of a path: of a folder all that is in it. Letter case is no matter.
  Place place = Place::Root;
  std::string_view sentence;  ///< What it is, without a full stop.
};

/// The only list of them.
std::span<const ProtectedPath> protected_paths();

/// Of the changed paths, those that are protected and that no glob of a definition's `path` names. A glob
/// names a protected path when it matches and has the word itself as one of its parts: ".github/**" does,
/// "**" does not.
std::vector<std::string> unnamed_protected_paths(const std::vector<std::string>& changed,
                                                 const std::vector<std::string>& globs);

/// A sentence about such paths for the result of a run.
std::string protected_paths_problem(const std::vector<std::string>& paths);

}  // namespace changeling
