#include "view/machine.hpp"

#include "project/host_name.hpp"
#include "support/json.hpp"
#include "support/machine_state.hpp"
#include "support/text.hpp"

namespace changeling::view {
namespace {

std::string git_version(project::Project& project) {
  constexpr std::string_view prefix = "git version ";
  const std::string told(trim(project.git().check({"version"})));
  return told.starts_with(prefix) ? told.substr(prefix.size()) : told;
}

}  // namespace

Json machine_json(project::Project& project) {
  const MachineState state = read_machine_state(project.places().worktrees());
  return {
      {"host", project::host_name()},
      {"processors", state.processors},
      {"load", state.load},
      {"disk", {{"free_bytes", state.disk_free_bytes}, {"size_bytes", state.disk_size_bytes}}},
      {"versions",
       {{"git-changeling", CHANGELING_VERSION}, {"git", git_version(project)}, {"system", state.system}}}};
}

}  // namespace changeling::view
