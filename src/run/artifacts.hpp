#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "secrets/redact.hpp"

namespace changeling::run {

// The agent can put anything into its artifacts folder: links to what it must not publish, FIFOs that nobody
// writes to, endless files. Neither these functions nor the run come to harm by that.

/// Whether `folder`, in a folder that is the agent's as well, is one, and neither is a link to somewhere
/// else.
bool is_own_folder(const std::filesystem::path& folder);

/// The text of a plain file directly in `folder`, with U+FFFD for what is not UTF-8, cut after a megabyte;
/// empty when there is none.
std::string read_artifact(const std::filesystem::path& folder, const std::string& name);

/// Copies the plain files below `from`, redacted, to the same places below `to`. Files that are there already
/// stay. Returns those that were left out: larger than 16 MiB, or beyond 64 MiB or 1000 files together; when
/// they are that many, the rest is not looked at; or because `stop_requested`, asked again and again while it
/// works, said so. Throws Error(Io).
std::vector<std::string> keep_artifacts(const std::filesystem::path& from, const std::filesystem::path& to,
                                        const Redactor& redact,
                                        const std::function<bool()>& stop_requested = {});

}  // namespace changeling::run
