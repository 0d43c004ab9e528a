#include "view/work.hpp"

#include "support/json.hpp"
#include "view/run.hpp"

namespace changeling::view {

Json to_json(project::Project& project, const work::WorkOutcome& outcome) {
  Json json{{"runs", Json::array()}, {"tasks", Json::array()}, {"end", to_string(outcome.end)}};
  for (const store::RunRecord& run : outcome.runs) json["runs"].push_back(to_json(project, run));
  for (const work::WorkedTask& task : outcome.tasks) json["tasks"].push_back(work::to_json(task));
  return json;
}

}  // namespace changeling::view
