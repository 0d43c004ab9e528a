#include "project/run_lookup.hpp"

#include <unistd.h>

#include "project/local_runs.hpp"
#include "project/roles.hpp"
#include "store/records.hpp"
#include "support/files.hpp"

namespace changeling::project {

store::RunRecord find_run(Project& project, const std::string& word) {
  const store::Snapshot snapshot = project.snapshot();
  if (auto run = store::read_run(snapshot, word)) return *run;
  const store::RunIndex& runs = project.current_runs();
  if (auto run = runs.newest(word)) return *run;
  return runs.find(word);
}

void require_name_of_runs(Project& project, const std::string& name) {
  constexpr std::string_view without_role = "task";
  if (name == without_role || project.current_runs().newest(name)) return;
  const RoleSet roles = RoleSet::load(project, FileMistake::Said);
  if (!roles.contains(name) && !roles.definitions().contains(name))
    static_cast<void>(roles.definitions().resolve(name));
}

std::optional<std::string> report_of(Project& project, const store::RunRecord& run) {
  // Reports never leave the machine by themselves, so they are here or nowhere. In a shared repository others
  // keep theirs for themselves.
  const RunFiles files = project.places().run(run.id);
  if (::access(files.folder.c_str(), X_OK) != 0) return std::nullopt;
  return read_file_if_exists(files.artifacts() / "report.md");
}

}  // namespace changeling::project
