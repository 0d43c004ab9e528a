#pragma once

#include <string>

namespace changeling::sandbox {

/// A program for seccomp(2), in the form that bubblewrap takes: refuses what types into the terminal of
/// somebody else (TIOCSTI, TIOCLINUX of ioctl_tty(2)) and what reaches the kernel's keyrings. Empty on
/// machines that it does not know.
std::string system_call_filter();

}  // namespace changeling::sandbox
