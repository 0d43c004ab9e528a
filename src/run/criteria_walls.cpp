#include "run/criteria_walls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/agent_environment.hpp"
#include "run/removal.hpp"
#include "run/sandbox_paths.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// A run that is none: the walls of one, with what a definition says when it says nothing.
RunRequest request_for_checks() {
  RunRequest request;
  request.run_id = "check-" + random_id(8);
  request.definition.name = "task";
  request.agent = builtin_agent_types().at("command");
  return request;
}

Environment environment_for(const project::Services& services, const RunRequest& request,
                            const std::string& task, const AcceptancePlace& place) {
  Environment environment =
      agent_environment(services.environment, request.agent, request.definition,
                        {services.environment.get("CHANGELING_RUN").value_or(""), task, place.work_tree, "",
                         place.artifacts, "", services.store.actor()});
  // Whose run it is, is known inside of one only; the others say what is not there.
  for (const char* name :
       {"CHANGELING_RUN", "CHANGELING_PROMPT_FILE", "CHANGELING_ARTIFACTS", "CHANGELING_BASE"}) {
    if (environment.get(name) == "") environment.unset(name);
  }
  return environment;
}

}  // namespace

CriteriaWalls::CriteriaWalls(const project::Services& services, const std::string& task,
                             AcceptancePlace& place)
    : request_(request_for_checks()),
      files_{services.places.local_folder() / "checks" / request_.run_id},
      walls_(services, request_, files_),
      chosen_(walls_.choose()) {
  place.environment = environment_for(services, request_, task, place);
  create_private_directories(files_.folder);
  walls_.build(place.work_tree, place.environment);
  place.walls = walls_.walls();
  if (!place.artifacts.empty()) place.walls.writable.push_back(place.artifacts);
  let_see_repository(services, place.walls);
}

CriteriaWalls::~CriteriaWalls() {
  static_cast<void>(walls_.take_down());
  remove_tree(files_.folder);
}

/// A run has a repository of its own in its folder. Here it is the user's, which is not for checks to change.
void CriteriaWalls::let_see_repository(const project::Services& services, sandbox::Walls& walls) const {
  const fs::path folder = services.repository.common_directory();
  std::erase(walls.hidden, folder);
  walls.readable.push_back(folder);
  walls.hidden.push_back(services.places.local_folder());
  walls.never_written.push_back(folder);
  // Its settings may hold credentials and addresses with them.
  const fs::path settings = files_.folder / "config";
  write_file(settings, configuration_for_agents(read_file_if_exists(folder / "config").value_or("")),
             Outlives::Process);
  walls.replaced.push_back({folder / "config", settings});
  if (const auto work_tree = services.repository.work_tree())
    walls.never_written.push_back(*work_tree / ".git");
}

std::string CriteriaWalls::describe() const {
  const std::string stands = store::describe(chosen_);
  return walls_.remark().empty() ? stands : fmt::format("{} ({})", stands, walls_.remark());
}

}  // namespace changeling::run
