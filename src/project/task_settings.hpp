#pragma once

#include <span>
#include <string>
#include <vector>

#include "changeling/fields.hpp"
#include "project/setting.hpp"

namespace changeling::project {

/// Whether the field says something about runs of tasks, which start when they are claimed.
bool is_for_tasks(const FieldSpec& field);

/// `changeling.task.OPTION` for each such field, in the order of definition_fields().
std::span<const Setting> task_settings();

/// What the words under the field's key mean. Throws Error(Invalid) "KEY: …".
FieldValue parse_task_setting(const FieldSpec& field, const std::vector<std::string>& words);

}  // namespace changeling::project
