#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "git/object_id.hpp"
#include "git/program.hpp"

namespace changeling::git {

/// What a remote says about some of its references, without anything being fetched.
struct RemoteReferences {
  std::optional<std::string> default_branch;  ///< What its HEAD points to; nothing when it does not say.
  std::map<std::string, ObjectId> tips;       ///< By the full name of the reference.

  std::optional<ObjectId> branch(const std::string& name) const;
};

/// Asks the remote for HEAD and for these references, by their full names (`git ls-remote --symref`). A
/// sentence of git's when it could not be asked. `time_limit` zero means none.
std::variant<RemoteReferences, std::string> ask_remote(const GitProgram& git, const std::string& remote,
                                                       const std::vector<std::string>& references,
                                                       std::chrono::milliseconds time_limit);

/// Reads what `git ls-remote --symref` prints. Names that only end like a wanted one, which git prints as
/// well, do no harm; lines of another form are left out.
RemoteReferences parse_remote_references(const std::string& output);

}  // namespace changeling::git
