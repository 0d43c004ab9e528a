#include "view/timer.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

Json repository_json(const triggers::ScheduleCount& count) {
  return {{"path", count.repository.string()},
          {"exists", count.exists},
          {"scheduled", count.scheduled},
          {"problem", count.problem.empty() ? Json(nullptr) : Json(count.problem)}};
}

}  // namespace

Json to_json(const triggers::TimerInstalled& installed) {
  return {{"installed", true},
          {"changed", installed.changed},
          {"backend", installed.backend},
          {"line", installed.state.line},
          {"problems", installed.state.problems}};
}

Json to_json(const triggers::TimersRemoved& removed) {
  return {{"removed", removed.backends}};
}

Json to_json(const triggers::TimerStanding& standing, const std::string& log) {
  Json repositories = Json::array();
  for (const triggers::ScheduleCount& count : standing.repositories)
    repositories.push_back(repository_json(count));
  return {{"installed", standing.installed},
          {"backend", standing.backend},
          {"line", standing.state.installed ? Json(standing.state.line) : Json(nullptr)},
          {"log", log},
          {"last_tick", json_or_null(standing.last_tick)},
          {"problems", standing.state.problems},
          {"repositories", std::move(repositories)}};
}

}  // namespace changeling::view
