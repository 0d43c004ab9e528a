#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"

namespace changeling::report {

/// Something that goes on only when its user does something.
struct Waiting {
  std::string kind;     ///< "halt", "notification", "outbox", "request", "schedule", "task" or "trust".
  std::string subject;  ///< The changeling that it is about; empty where it is none.
  std::string text;     ///< One sentence, without a full stop.
  std::string command;  ///< What to type to look at it or settle it.
};

/// What waits in a repository now, of these changelings or (empty) of all, sorted by kind and subject.
/// Changes nothing, and asks no network.
std::vector<Waiting> find_waiting(project::Project& project, const std::vector<std::string>& changelings);

}  // namespace changeling::report
