#pragma once

#include <string>

#include "chat/proposal.hpp"
#include "project/project.hpp"
#include "project/write_definition.hpp"

namespace changeling::chat {

/// What a proposal would do, before anything is done.
struct Preview {
  bool is_new = true;  ///< There is nothing under its name yet.
  std::string
      difference;  ///< Of the whole record, as `git diff` shows it, between what is and what would be.
  /// SHA-256 over the proposal and what there is now: who confirms names it, so that nothing else is done
  /// than what was shown.
  std::string digest;
};

/// Throws an Error for what could not be, as writing it would: a schedule that is none, an unknown template.
Preview preview(project::Project& project, const Proposal& proposal);

/// What was made or changed.
struct Written {
  std::string name;  ///< Its name; of a task its id.
  bool is_new = true;
  bool trusted = true;  ///< Whether it may run here; a task asks nobody.
};

/// Does what the proposal says, through the writers that the commands use, and so with their checks. What
/// somebody else than the user of this machine confirms is not trusted by that. Throws Error(Conflict) when
/// `digest` is not that of preview() as it is now.
Written write(project::Project& project, const Proposal& proposal, const std::string& digest,
              project::Author author);

}  // namespace changeling::chat
