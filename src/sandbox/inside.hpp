#pragma once

#include <string>
#include <vector>

namespace changeling::sandbox {

/// What this program does inside of the walls before it becomes the command behind `--`: signals mean what
/// they mean by default. In front of that stand, each as often as need be:
///   --processes N    how many there may be in this user namespace
///   --proxy SOCKET   a process beside it passes on to the socket what comes to the address that the
///                    variables for proxies name
///   --first FILE     it stays as the first process of the sandbox, which waits for all others; the signal
///                    that ends the command is written to the open file, see support/ending.hpp
/// Throws Error when the command cannot be started.
[[noreturn]] void become_inside(const std::vector<std::string>& words);

}  // namespace changeling::sandbox
