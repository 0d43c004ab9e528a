#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace changeling::deploy {

/// A generated text with two lines of comment (`#`) before it: that it is ours, and the digest of the rest,
/// by which a change by hand is noticed.
std::string with_mark(std::string_view text);

/// What lies where a generated file is to go.
enum class Existing {
  Nothing,
  Same,     ///< Exactly what would be written.
  Ours,     ///< Generated, as it was written.
  Edited,   ///< Generated, and changed by hand since.
  Foreign,  ///< Somebody else's.
};
/// Nothing, Ours, Edited or Foreign.
Existing kind_of(const std::optional<std::string>& content);

/// Writes the marked text to `root`/`path` with the usual permissions, so that it can be committed, and
/// returns what was there. Throws Error(Conflict) instead of replacing what is edited or foreign unless
/// `force`, and Error(Refused) when a folder on the way is a symbolic link, which could lead out of `root`.
Existing write_generated(const std::filesystem::path& root, const std::filesystem::path& path,
                         const std::string& content, bool force);
/// As write_generated, but changes nothing.
Existing check_generated(const std::filesystem::path& root, const std::filesystem::path& path,
                         const std::string& content, bool force);

/// Removes the file when it is ours and returns what was there; what is edited or foreign stays unless
/// `force`.
Existing remove_generated(const std::filesystem::path& root, const std::filesystem::path& path, bool force);

}  // namespace changeling::deploy
