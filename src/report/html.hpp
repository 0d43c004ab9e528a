#pragma once

#include <string>

#include "report/report.hpp"

namespace changeling::report {

/// The report as one file that needs nothing besides itself: no scripts, nothing fetched, charts as SVG. What
/// others have written in it is text.
std::string to_html(const Report& report);

}  // namespace changeling::report
