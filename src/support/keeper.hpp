#pragma once

#include <sys/types.h>

#include "support/process.hpp"

namespace changeling {

/// What a keeper is sent to end everything at once. TERM it passes on to the program's process group; every
/// other signal it holds back.
int keeper_signal();

/// For the time between fork and exec, with all signals blocked; makes only calls that are safe there. The
/// calling process becomes a keeper, and what follows happens in a child of it that leads a process group;
/// the keeper's process id is returned there, or -1 with errno when there is no process to have.
///
/// A keeper adopts whatever the program leaves behind (PR_SET_CHILD_SUBREAPER, prctl(2)), also what has gone
/// to a session of its own or cleared its environment. When the program has ended it ends them all, TERM
/// first, KILL two seconds later, and then ends itself the way the program did. When `leader`, its own
/// parent, dies it kills all. TERM for a Part::Wrapper goes to the groups that its children lead.
pid_t leave_keeper_behind(pid_t leader, Part part);

}  // namespace changeling
