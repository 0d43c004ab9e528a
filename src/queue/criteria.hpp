#pragma once

#include <functional>
#include <string>
#include <vector>

#include "queue/task.hpp"

namespace changeling::queue {

/// Whether the user of this machine has approved the command line of a criterion.
using IsApproved = std::function<bool(const std::string& command_line)>;

/// The command lines among criteria, in their order.
std::vector<std::string> command_lines(const std::vector<Criterion>& criteria);

/// Command lines that are not approved become texts of the same words, which a person judges: a task comes
/// with the state, and so from whoever may push it. Returns them. An empty function approves nothing.
std::vector<std::string> leave_to_people(Task& task, const IsApproved& is_approved);

}  // namespace changeling::queue
