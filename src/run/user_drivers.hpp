#pragma once

#include <functional>
#include <string>
#include <vector>

#include "git/config_text.hpp"
#include "support/error.hpp"

namespace changeling::run {

/// Filters and merge drivers are programs of the user's for files with certain attributes (gitattributes(5)),
/// that git starts in the folder of those files. Their settings apart from all others; those of git-lfs, for
/// which nothing in that folder is a program, count among the others.
struct SplitSettings {
  git::ConfigEntries others;
  git::ConfigEntries drivers;
};
/// Programs that show differences are in neither: nobody looks at ours.
SplitSettings split_drivers(const git::ConfigEntries& entries);

/// The command of a filter or merge driver that comes with the files, so that whoever writes those decides
/// what runs.
struct DriverOfBranch {
  std::string name;     ///< "filter.strip" or "merge.mine".
  std::string key;      ///< "filter.strip.clean"
  std::string command;  ///< "./tools/strip"
};
/// `is_file` tells whether a relative path is a file of the branch.
std::vector<DriverOfBranch> drivers_of_branch(const git::ConfigEntries& drivers,
                                              const std::function<bool(const std::string&)>& is_file);

/// Where nothing holds it such a program is not run: the work that needs it is denied.
class DriverRefused : public Error {
 public:
  explicit DriverRefused(const DriverOfBranch& driver);
};

/// Settings under which git does without these filters.
git::ConfigEntries without(const std::vector<DriverOfBranch>& filters);

}  // namespace changeling::run
