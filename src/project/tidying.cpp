#include "project/tidying.hpp"

#include "project/own_program.hpp"
#include "project/settings.hpp"
#include "store/packing.hpp"
#include "support/detach.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

/// Who has switched git's own tidying off does not want ours.
std::size_t most_loose_objects(const git::Repository& repository) {
  if (repository.config("gc.auto").value_or("") == "0") return 0;
  return static_cast<std::size_t>(number_setting(repository, "changeling.autopack"));
}

}  // namespace

void tidy_up(Project& project) {
  // What an agent starts must not outlive its run.
  if (!project.has_written() || project.environment().get("CHANGELING_RUN")) return;
  try {
    const std::size_t most = most_loose_objects(project.repository());
    const store::Packing packing(project.repository().common_directory(), project.places().local_folder());
    if (most == 0 || !packing.is_due(most)) return;
    Command command = own_program(project, pack_word, Json::object());
    command.session = Session::Detached;
    start_in_background(command);
  } catch (const std::exception&) {
    // The next command tries again.
  }
}

}  // namespace changeling::project
