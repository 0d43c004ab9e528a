#pragma once

#include <functional>
#include <optional>
#include <string>

#include "support/process.hpp"

namespace changeling {

/// Tells the process in the foreground how the start went; only the first call counts.
using ReportStart = std::function<void(const std::string& problem)>;

/// Starts a program that calls report_from_background(), with Session::Detached: it goes on without the
/// terminal and when this process ends. Waits until it has reported its start (an empty problem) and returns
/// the problem, or nothing.
std::optional<std::string> start_in_background(const Command& command);
/// For the program that was started so: leaves the standard streams and returns what reports on the start.
ReportStart report_from_background();

/// Forks: `work` goes on in a session of its own, without the terminal and without being waited for. To be
/// called before anything starts a thread, which throws Error(Internal).
void fork_into_background(const std::function<void()>& work);

}  // namespace changeling
