#pragma once

#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "project/services.hpp"

namespace changeling::project {

/// The secrets that a definition names, with their values.
struct NamedSecrets {
  Environment environment;            ///< Of this process, with the secrets that come from elsewhere.
  std::vector<std::string> problems;  ///< A sentence for each that should come from elsewhere and does not.
};

/// Where a secret comes from is the user's to say, in the configuration that is theirs alone (global or
/// system-wide, not the repository's): changeling-secret.NAME.from = env:VARIABLE, file:PATH or
/// command:COMMAND. Without it, it is the variable of that name. A command runs in a shell, has ten seconds,
/// and finds the forge's tokens (`gh auth token`); line ends behind the value are no part of it. Values are
/// in no problem.
NamedSecrets named_secrets(const Services& services, const std::vector<std::string>& names);

/// Throws Error(Refused) when one is missing.
void require_secrets(const NamedSecrets& secrets, const Definition& definition);

}  // namespace changeling::project
