#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/places.hpp"
#include "project/services.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// An agent works in a worktree of the user's repository and can move references there that are not its
/// run's. What it has moved is told from what others move meanwhile (the user, a fetch, other runs) by the
/// trace that git writes for the agent alone; a change that the trace does not show is nobody's fault here.
/// The trace lies where the agent can reach it. When it is gone, or not as git leaves it, and for commands
/// that may have moved anything (`git update-ref --stdin`), every change is named "unclear NAME" and stays.
///
/// Never looked at: the reference of the state, what is noted for the runs that are going on, and the
/// branches of the run itself. Remote-tracking branches, and new commits kept for other runs, are looked at
/// only where the trace names them.

/// What can be told of what programs other than git have written: nothing behind walls, which keep the agent
/// from it; without them also hooks and settings, see repository_files.hpp. The user may have written those,
/// too: each is named "meanwhile NAME" and stays as it is.
enum class Watched { References, FilesAsWell };

/// Returns the references, the HEAD of the main work tree and the configuration of the repository for
/// put_references_back(), and begins the trace. To be called before anything of the agent runs. The same lies
/// in RunFiles::references() for when the program that leads the run is killed: an agent could change it
/// there.
std::string note_references(const project::Services& services, const project::RunFiles& files,
                            Watched watched);

/// Compares with what was noted, and puts back what the agent has changed where that is safe: a reference
/// that nobody but the agent has moved (its reflog has no more moves than the agent made), a setting that
/// still has the agent's value. A reference that is new goes when what it names is part of `kept`; otherwise
/// it stays, as it may be all that holds work. The HEAD of the user's work tree stays as well: index and
/// files have moved with it. `branch` is the run's own. Empty notes: nothing was noted.
std::vector<store::MovedReference> put_references_back(const project::Services& services,
                                                       const project::RunFiles& files,
                                                       const std::string& notes, const std::string& branch,
                                                       const std::optional<git::ObjectId>& kept);

/// Whether the agent did with it what no run may: changed what was there before. A new branch or tag is none,
/// nor is a remote-tracking branch, which a fetch moves, nor a setting that has its value again: tools set
/// some when they are installed.
bool is_trespass(const store::MovedReference& moved);
/// Whether reviewers should know: not of a branch or tag of the agent's own that is gone again, nor of what
/// may be the user's own doing.
bool is_worth_a_look(const store::MovedReference& moved);
/// "refs/heads/main from 1a2b3c4d5e to 6f7a8b9c0d (put back)", or "hooks/pre-push (changed while the run was
/// going on)".
std::string describe(const store::MovedReference& moved);

}  // namespace changeling::run
