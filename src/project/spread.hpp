#pragma once

#include <string>
#include <string_view>

#include "changeling/definition.hpp"
#include "project/project.hpp"
#include "schedule/cron.hpp"

namespace changeling::project {

/// What H in a changeling's schedule is chosen by: the repository, as every machine that shares it knows it,
/// and the name. The repository is the end of the shared remote's URL, else its folder's name.
std::string spread_seed(Project& project, const std::string& name);

/// The last two parts of a URL's or folder's path in lower case and without ".git": the same for ssh and
/// https, "owner/project". Fewer when there are no two; empty for an empty path.
std::string shared_part(std::string_view url);

/// The schedule of a definition that has one, every H with its value.
schedule::CronExpression schedule_of(Project& project, const Definition& definition);

}  // namespace changeling::project
