#pragma once

#include <filesystem>

#include "project/project.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"
#include "run/runner.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Ends a run that was begun here and carried out elsewhere: takes what was handed over for what it is, the
/// word of somebody who may be an agent, judges it anew (accept_work), publishes it as a run publishes its
/// work, and writes the record. Whatever goes wrong ends in the record, also a file that is missing. A run
/// that has ended is left as it is, unless only an outage, or the end of the program, kept it from being
/// published; so a file is published once however often this is called. `request` has the run's id and the
/// approved definition.
store::RunRecord publish_handed_over(const project::Services& services, const Observer& observer,
                                     const RunRequest& request, const std::filesystem::path& file);

/// What is to be published.
struct HandedOver {
  std::string run_id;
  std::filesystem::path file;
  /// portable_digest of the definition that may be published; empty: the one that is approved here.
  std::string digest = {};
};

/// All of it for a project, with the definition as it is now: one that is not the approved one ends the run,
/// too. Shares the state before and after. Throws Error(NotFound) when no such run was begun.
store::RunRecord publish_handed_over(project::Project& project, const Observer& observer,
                                     const HandedOver& handed_over);

}  // namespace changeling::run
