#include "deploy/actions_runs.hpp"

#include <fmt/format.h>

#include "deploy/workflow.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::deploy {
namespace {

using Purpose = forge::GitHubApi::Purpose;

const Purpose reading{"read the runs of workflows", "Actions: read"};
const Purpose starting{"start a workflow", "Actions: write"};

ActionsRun from_json(const Json& object) {
  const auto number = json_integer(object, "id");
  if (!number) throw Error(ErrorKind::External, "the server answered with a run that has no id");
  return {*number, json_string(object, "html_url").value_or(""), json_string(object, "status").value_or(""),
          json_string(object, "conclusion").value_or("")};
}

std::string workflow_address(const std::string& workflow_file) {
  return "/actions/workflows/" + forge::encoded(workflow_file);
}

/// The title is the workflow's own, with the id as its last word.
bool carries(const Json& run, const std::string& run_id) {
  return json_string(run, "display_title").value_or("").ends_with(" " + run_id);
}

}  // namespace

void ActionsRuns::dispatch(const std::string& workflow_file, const std::string& run_id,
                           const std::function<void()>& wait) const {
  const Json repository = api_.get("", reading);
  const Json body{{"ref", json_string(repository, "default_branch").value_or("main")},
                  {"inputs", {{std::string(run_id_input), run_id}}}};
  const std::string path = workflow_address(workflow_file);
  if (!api_.get_if_exists(path, reading)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("GitHub knows no workflow {} in {}", workflow_file, api_.full_name()),
                "commit the workflow file and push it to the default branch");
  }
  const auto look = [&]() -> std::optional<Json> {
    constexpr int looks = 6;
    for (int count = 0; count < looks; ++count) {
      if (count > 0) wait();
      if (auto made = find_made(workflow_file, run_id)) return made;
    }
    return std::nullopt;
  };
  const http::HttpResponse response = api_.try_create(path + "/dispatches", body, starting, look);
  if (response.status >= 300) throw api_.explain(response, starting);
}

std::optional<Json> ActionsRuns::find_made(const std::string& workflow_file,
                                           const std::string& run_id) const {
  // The newest come first; one that was started just now is among them.
  const Json page =
      api_.get(workflow_address(workflow_file) + "/runs?event=workflow_dispatch&per_page=50", reading);
  const auto runs = page.find("workflow_runs");
  if (runs == page.end() || !runs->is_array())
    throw Error(ErrorKind::External, "the server answered with no list of runs");
  for (const Json& run : *runs) {
    if (carries(run, run_id)) return run;
  }
  return std::nullopt;
}

std::optional<ActionsRun> ActionsRuns::find(const std::string& workflow_file,
                                            const std::string& run_id) const {
  const auto made = find_made(workflow_file, run_id);
  return made ? std::optional<ActionsRun>(from_json(*made)) : std::nullopt;
}

ActionsRun ActionsRuns::look(const ActionsRun& run) const {
  return from_json(api_.get(fmt::format("/actions/runs/{}", run.number), reading));
}

}  // namespace changeling::deploy
