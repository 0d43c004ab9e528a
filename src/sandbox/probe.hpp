#pragma once

#include <filesystem>
#include <string>

#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::sandbox {

/// Whether bubblewrap can hold a command here.
struct Probe {
  std::filesystem::path bubblewrap;  ///< Empty when it cannot.
  std::string reason = {};           ///< Then: which setting forbids it, or what is missing.
  std::string remedy = {};           ///< And what to do about it.

  explicit operator bool() const { return !bubblewrap.empty(); }
};

/// Looks for bubblewrap on PATH and tries it. That it works is noted in `note` until the machine starts again
/// or the program changes, so that only the first run of a user pays for the trial; empty: it is always
/// tried.
Probe probe(const Environment& environment, ProcessRunner& processes, const std::filesystem::path& note);

/// What a new user namespace needs for this user: the options of bubblewrap.
std::string user_namespace_option();

}  // namespace changeling::sandbox
