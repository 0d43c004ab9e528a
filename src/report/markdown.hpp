#pragma once

#include <string>

#include "report/report.hpp"

namespace changeling::report {

/// The report for a terminal, a pipe or a comment: GitHub Flavored Markdown that reads well as it is. What
/// others have written in it stays text.
std::string to_markdown(const Report& report);

}  // namespace changeling::report
