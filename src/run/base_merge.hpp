#pragma once

#include <string>

#include "git/merge.hpp"
#include "project/services.hpp"

namespace changeling::run {

/// git::merge of the base into a branch on which an agent has worked; a merged tree is in the user's
/// repository then. The user's merge drivers run behind walls, as the branch may hold the programs that they
/// name; without walls such a driver throws DriverRefused. `run_id` is the run that goes on with the branch.
/// Throws git::Collected, too.
git::MergeResult merge_base_into(const project::Services& services, const std::string& run_id,
                                 const git::ObjectId& head, const git::ObjectId& base);

}  // namespace changeling::run
