#pragma once

#include "project/services.hpp"
#include "run/launcher.hpp"
#include "run/question.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

// The events of one run for the stream, see docs/events.md. All do nothing without Services::on_event.

void announce_run_started(const project::Services& services, const store::RunRecord& run);
void announce_run_finished(const project::Services& services, const store::RunRecord& run);
/// What its agent has used so far.
void announce_run_metrics(const project::Services& services, const store::RunRecord& run,
                          const Progress& progress);
void announce_question(const project::Services& services, const store::RunRecord& run,
                       const Question& question);
void announce_answer(const project::Services& services, const store::RunRecord& run,
                     const Question& question);
/// The agent's program is about to be started; it counts as working from then on.
void announce_agent_started(const project::Services& services, const store::RunRecord& run);
void announce_agent_ended(const project::Services& services, const store::RunRecord& run, bool success);

}  // namespace changeling::run
