#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "queue/task_import.hpp"

namespace changeling::queue {

// One function a format; task_import.cpp chooses among them and settles ids.

/// Calls `take` with every object of a list, of {"tasks": […]}, or of lines, and where it stands. Throws
/// Error(Invalid) for what is not JSON and for elements that are no objects.
void each_json_object(
    std::string_view text, const std::string& file_name,
    const std::function<void(const nlohmann::json& object, const std::string& place)>& take);

/// Whether the object is an issue of GitHub rather than a task's fields.
bool looks_like_issue(const nlohmann::json& object);

void read_task_objects(std::string_view text, const std::string& file_name, const Task& defaults,
                       Import& result);
void read_issues(std::string_view text, const std::string& file_name, const Task& defaults, Import& result);
void read_checklist(std::string_view text, const std::string& file_name, const Task& defaults,
                    Import& result);

}  // namespace changeling::queue
