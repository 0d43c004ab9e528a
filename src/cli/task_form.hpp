#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "queue/task.hpp"

namespace changeling::cli {

/// A task as a text to be edited: fields as in the head of a mail, an empty line, the description, and below
/// a cutting line what the fields may hold.
std::string task_form(const queue::Task& task);

/// Puts what the form says into the task, without comments ('#') before its first line; a field that was
/// deleted becomes empty, or stays where it cannot be empty. The title may be empty: that is how a person
/// changes their mind. Ids in blocked_by stay as they were written. Throws Error(Invalid) "FILE:LINE: Field:
/// …".
void read_task_form(std::string_view text, const std::string& file, queue::Task& task);

/// Only some of the fields, by their names in small letters and "description": "Title: Two", each in lines of
/// its own.
std::string task_form_fields(const queue::Task& task, const std::vector<std::string>& fields);

}  // namespace changeling::cli
