#pragma once

#include <functional>
#include <optional>
#include <string>

namespace changeling::cli {

/// Tells the process in the foreground how the start went; only the first call counts.
using ReportStart = std::function<void(const std::string& problem)>;

/// Forks: `work` goes on in a session of its own, without the terminal; this process waits until `work` has
/// reported its start (an empty problem) and returns the problem, or nothing. Call before starting threads.
std::optional<std::string> run_detached(const std::function<void(const ReportStart&)>& work);

}  // namespace changeling::cli
