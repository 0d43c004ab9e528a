#pragma once

#include <map>
#include <string>
#include <vector>

#include "project/missing_logins.hpp"
#include "project/project.hpp"

namespace changeling::work {

/// A login that is missing on this machine, and what of the repository needs it.
struct HeldLogin {
  project::MissingLogin login;
  std::vector<std::string> roles;        ///< "": tasks without one. Sorted.
  std::vector<std::string> changelings;  ///< Enabled ones. Sorted.
};

/// By agent type; without those that nothing needs. What cannot be read needs nothing.
std::vector<HeldLogin> held_logins(project::Project& project);

/// "typo and tasks of the role reviewer"
std::string who_waits(const HeldLogin& held);

/// The roles whose tasks a worker leaves where they are now, each with why; see WorkerHooks::held_roles. Who
/// looks at what is noted since `since` alone tries once whatever was noted before.
std::map<std::string, std::string> roles_without_login(project::Project& project,
                                                       const std::string& worker_role, Timestamp since);

}  // namespace changeling::work
