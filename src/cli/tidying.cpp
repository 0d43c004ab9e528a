#include "cli/tidying.hpp"

#include "cli/detach.hpp"
#include "cli/own_program.hpp"
#include "project/settings.hpp"
#include "store/packing.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

/// Who has switched git's own tidying off does not want ours.
std::size_t most_loose_objects(const git::Repository& repository) {
  if (repository.config("gc.auto").value_or("") == "0") return 0;
  return static_cast<std::size_t>(project::number_setting(repository, "changeling.autopack"));
}

}  // namespace

void tidy_up(Context& context) {
  // What an agent starts must not outlive its run.
  if (!context.has_written() || context.environment().get("CHANGELING_RUN")) return;
  try {
    const std::size_t most = most_loose_objects(context.repository());
    const store::Packing packing(context.repository().common_directory(), context.places().local_folder());
    if (most == 0 || !packing.is_due(most)) return;
    Command command = own_program(context, pack_word, Json::object());
    command.session = Session::Detached;
    start_in_background(command);
  } catch (const std::exception&) {
    // The next command tries again.
  }
}

}  // namespace changeling::cli
