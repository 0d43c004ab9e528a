#include "run/run_events.hpp"

#include "run/run_metrics.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

Json subject(const store::RunRecord& run) {
  return {{"run", run.id}, {"changeling", run.changeling}, {"task", run.task}};
}

void announce(const project::Services& services, std::string_view event, Json fields,
              const store::RunRecord& run) {
  if (!services.on_event) return;
  fields.update(subject(run));
  services.on_event(event, fields);
}

}  // namespace

void announce_run_started(const project::Services& services, const store::RunRecord& run) {
  announce(services, "run:started", {{"trigger", run.trigger}, {"agent", run.agent}}, run);
}

void announce_run_finished(const project::Services& services, const store::RunRecord& run) {
  Json fields{{"outcome", run.outcome ? Json(to_string(*run.outcome)) : Json(nullptr)},
              {"error", run.error},
              {"duration_ms", run.duration ? Json(run.duration->count()) : Json(nullptr)},
              {"cost_usd", json_or_null(run.cost_usd)}};
  if (run.pull_request) {
    fields["pull_request"] = {{"number", run.pull_request->number}, {"url", run.pull_request->url}};
  }
  announce(services, "run:finished", std::move(fields), run);
}

void announce_run_metrics(const project::Services& services, const store::RunRecord& run,
                          const Progress& progress) {
  announce(services, "run:metrics", metrics_json(progress), run);
}

void announce_question(const project::Services& services, const store::RunRecord& run,
                       const Question& question) {
  announce(services, "run:question",
           {{"question", question.number}, {"text", question.text}, {"choices", question.choices}}, run);
}

void announce_answer(const project::Services& services, const store::RunRecord& run,
                     const Question& question) {
  announce(services, "run:answered", {{"question", question.number}, {"by", question.answered_by}}, run);
}

void announce_agent_started(const project::Services& services, const store::RunRecord& run) {
  announce(services, "agent:spawned", {{"agent", run.agent}}, run);
  announce(services, "agent:status_changed", {{"agent", run.agent}, {"status", "working"}}, run);
}

void announce_agent_ended(const project::Services& services, const store::RunRecord& run, bool success) {
  announce(services, "agent:status_changed",
           {{"agent", run.agent}, {"status", success ? "completed" : "failed"}}, run);
}

}  // namespace changeling::run
