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

/// A title is one line with something in it. Throws Error(Usage).
std::string checked_title(const std::string& text);

/// Without empty words, valid UTF-8, sorted, each once.
std::vector<std::string> sorted_words(const std::vector<std::string>& words);

/// Copies these fields.
void take_over_fields(Task& task, const Task& from, const std::vector<std::string>& names);

}  // namespace changeling::queue
