#include "view/run.hpp"

#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "run/question.hpp"
#include "support/json.hpp"

namespace changeling::view {
namespace {

Json to_json(const run::Question& question) {
  const bool is_open = question.is_open();
  return {{"number", question.number},
          {"text", question.text},
          {"choices", question.choices},
          {"asked_at", format_timestamp(question.asked_at)},
          {"answer", json_or_null(question.answer)},
          {"answered_by", is_open ? Json(nullptr) : Json(question.answered_by)},
          {"answered_at", json_or_null(question.answered_at)}};
}

}  // namespace

Json to_json(project::Project& project, const store::RunRecord& record) {
  Json json = store::to_json(record);
  json["presumed_dead"] = project::is_lost(project.places(), record, project.clock().now());
  json["questions"] = Json::array();
  for (const run::Question& question : run::read_questions(project.places().run(record.id)))
    json["questions"].push_back(to_json(question));
  if (const auto report = project::report_of(project, record)) json["report"] = *report;
  return json;
}

}  // namespace changeling::view
