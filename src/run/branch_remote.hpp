#pragma once

#include "project/services.hpp"

namespace changeling::run {

/// The remote that the branches of runs lie on: a fork, or the one that the base comes from. Empty without a
/// remote. Throws as git::choose_push_remote.
std::string branch_remote(const project::Services& services);

}  // namespace changeling::run
