#pragma once

#include <string>

#include "project/services.hpp"

namespace changeling::run {

/// Whether somebody else wrote the task, or nobody can tell: it was imported, is from another source than the
/// own queue, or cannot be read. What its commands print on this machine is not theirs to see.
bool is_foreign_task(const project::Services& services, const std::string& task);

}  // namespace changeling::run
