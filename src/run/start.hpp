#pragma once

#include <optional>
#include <string>
#include <variant>

#include "project/definitions.hpp"
#include "project/trust.hpp"
#include "run/run_order.hpp"
#include "run/runner.hpp"
#include "support/detach.hpp"

namespace changeling::run {

/// Nobody has approved on this machine what would run.
struct NotTrusted {
  project::Standing standing;
};

/// A run that goes on in a process of its own.
struct Started {
  std::string run;  ///< Its id; the record is there.
};

/// What an order comes to, with the definitions as they are now.
struct PreparedStart {
  project::DefinitionSet set;
  RunRequest request;
};

/// Reads the definitions (those of the base branch for a start that nobody watches) and chooses the run's id.
/// Throws Error(NotFound) or Error(Invalid) for a changeling that is not there or cannot run.
PreparedStart prepare_start(project::Project& project, const RunOrder& order);

/// The gate that every start passes; nothing when it is open. What was typed for this run alone is the user's
/// own act; but throws Error(Refused) for an agent of `.changelings.toml` that was only named there. A start
/// without a person that does not pass becomes the event `trigger:skipped`.
std::optional<NotTrusted> check_gate(project::Project& project, const RunOrder& order,
                                     const PreparedStart& start);

/// Carries the run out in this process, behind its gate: sends what waits before, and shares the state after
/// it.
std::variant<store::RunRecord, Skipped> run_here(project::Project& project, const RunRequest& request,
                                                 const Observer& observer);

/// Only begins the run, behind its gate (begin_run), and shares the state.
std::variant<store::RunRecord, Skipped> begin_here(project::Project& project, const RunRequest& request,
                                                   const Observer& observer);

/// Carries out a run that was begun elsewhere, behind its gate, and hands it over (execute_begun_run).
/// Nothing is shared, and nothing that waits is sent.
store::RunRecord hand_over_here(project::Project& project, const RunRequest& request,
                                const Observer& observer);

/// Begins the run in a process of its own, behind its gate, and returns once it has its record.
std::variant<Started, Skipped> run_in_background(project::Project& project, const RunOrder& order,
                                                 const RunRequest& request);

/// All of it for a start that nobody watches: of a schedule, a hook, a server. Throws as prepare_start().
std::variant<Started, Skipped, NotTrusted> start(project::Project& project, const RunOrder& order);

/// The command of the process that leads a run in the background, see project/own_program.hpp.
inline constexpr const char* lead_run_word = "__lead-run";
/// What that process does. The start is reported when the run has its record, or why there is none.
void lead_in_background(project::Project& project, const RunOrder& order, const ReportStart& report_start);

}  // namespace changeling::run
