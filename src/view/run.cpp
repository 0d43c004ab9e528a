#include "view/run.hpp"

#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "support/json.hpp"

namespace changeling::view {

Json to_json(project::Project& project, const store::RunRecord& record) {
  Json json = store::to_json(record);
  json["presumed_dead"] = project::is_lost(project.places(), record, project.clock().now());
  if (const auto report = project::report_of(project, record)) json["report"] = *report;
  return json;
}

}  // namespace changeling::view
