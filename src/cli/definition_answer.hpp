#pragma once

#include <string>

#include "cli/command.hpp"
#include "project/write_definition.hpp"

namespace changeling::cli {

/// What `add`, `update`, `edit`, `enable` and `disable` answer.
Answer definition_answer(const project::Written& written, const std::string& what);

}  // namespace changeling::cli
