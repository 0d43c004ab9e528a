#pragma once

#include <string>
#include <vector>

#include "queue/task.hpp"

namespace changeling::queue {

/// The names, as the form of a task has them ("title", "blocked-by", …, "description"), of the fields that a
/// person edits and in which the two differ.
std::vector<std::string> differing_fields(const Task& one, const Task& other);

/// Of the fields that both changed since `base`, those that they changed to different values.
std::vector<std::string> fields_changed_by_both(const Task& base, const Task& ours, const Task& theirs);

/// Copies these fields.
void take_over_fields(Task& task, const Task& from, const std::vector<std::string>& names);

}  // namespace changeling::queue
