#pragma once

#include <string_view>

#include "queue/task.hpp"

namespace changeling::cli {

/// Reads KIND:PATH[=DESCRIPTION], as in "file:report.md=What was found", "pr:12", "link:https://example.com".
/// " = " with spaces around it always separates; a bare "=" in the query of a link does not. Throws
/// Error(Usage).
queue::Artifact parse_artifact_option(std::string_view word);

}  // namespace changeling::cli
