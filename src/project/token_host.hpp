#pragma once

#include <string>

#include "project/project.hpp"

namespace changeling::project {

// A repository's own configuration can be written by whatever runs in it. The host that gets the token of its
// forge is therefore noted outside of it, in the user's data folder, when a token first goes there.

/// Throws Error(Refused) when `api_url` leads to another host than the one that got this repository's token
/// so far, unless the user's own configuration names that address. Ports do not matter, nor which address of
/// this machine it is.
void require_token_host(Project& project, const std::string& api_url);

/// A person has changed the address: the next host is the right one.
void forget_token_host(Project& project);

}  // namespace changeling::project
