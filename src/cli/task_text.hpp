#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "queue/task.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

Style status_style(queue::TaskStatus status);
/// A table with a heading.
std::string tasks_table(const std::vector<queue::Task>& tasks, const Terminal& terminal, Timestamp now);
/// Everything about one task.
std::string task_details(const queue::Task& task, const nlohmann::json& json, const Terminal& terminal,
                         Timestamp now);
/// One line: "abcd2345  ready  Fix the parser".
std::string task_line(const queue::Task& task, const Terminal& terminal);

}  // namespace changeling::cli
