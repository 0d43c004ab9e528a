#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "queue/task.hpp"
#include "support/json.hpp"

namespace changeling::cli {

/// The record with the derived list of tasks that this one blocks.
Json task_to_json(store::TaskIndex& index, const queue::Task& task);
/// As above, from the newest state.
Json task_to_json(Context& context, const queue::Task& task);
Style status_style(queue::TaskStatus status);
/// A table with a heading.
std::string tasks_table(const std::vector<queue::Task>& tasks, const Terminal& terminal, Timestamp now);
/// Everything about one task.
std::string task_details(const queue::Task& task, const Json& json, const Terminal& terminal, Timestamp now);
/// One line: "abcd2345  ready  Fix the parser".
std::string task_line(const queue::Task& task, const Terminal& terminal);

}  // namespace changeling::cli
