#pragma once

#include <map>
#include <string>
#include <vector>

#include "project/project.hpp"

namespace changeling::project {

/// What one key has in all files of git's configuration together; the last value counts, or all of them.
struct SettingValues {
  std::vector<std::string> values;
  std::string origin;  ///< As git names it: "file:.git/config", "command line:".
};

/// Every key of git's configuration as git itself reads it, in lower case. Throws as git::GitProgram::check.
std::map<std::string, SettingValues> read_setting_values(Project& project);

}  // namespace changeling::project
