#pragma once

#include <string>
#include <vector>

#include "store/history.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// A table with a heading.
std::string operations_table(const std::vector<store::OperationRecord>& operations, const Terminal& terminal,
                             Timestamp now);

}  // namespace changeling::cli
