#pragma once

#include <string>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "project/services.hpp"
#include "run/hand_over.hpp"
#include "run/observer.hpp"
#include "run/request_history.hpp"
#include "run/starting_point.hpp"
#include "secrets/redact.hpp"

namespace changeling::run {

/// Work that was handed over and may be published: where it lies now and what it goes on with. Nothing of it
/// is taken from what the file says.
struct AcceptedWork {
  StartingPoint start;  ///< As for a run that begins now, and without `replaces`.
  git::ObjectId head;
  std::string run_branch;  ///< The run's own; it leads to head.
  std::string patch_id;    ///< Empty when it changes nothing.
};

/// Takes the work into the repository if it is what a run of this changeling may propose, by all rules that a
/// run obeys which publishes itself: one of the open requests, or room for a new one; a branch of its own
/// (foreign_branch_problem); a history that goes on from the base branch as it is here, and from the request;
/// objects that git accepts; no private or protected file, none outside of the definition's paths, no secret
/// in a commit. Otherwise nothing is kept of it, and Error(Refused) or Error(Invalid) says why.
AcceptedWork accept_work(const project::Services& services, const Observer& observer,
                         const Definition& definition, const AgentType& agent, const std::string& run_id,
                         const ReceivedHandOver& received, const RequestHistory& history,
                         const Redactor& redactor);

}  // namespace changeling::run
