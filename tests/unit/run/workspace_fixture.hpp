#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "run/workspace.hpp"

namespace changeling::testing {

inline constexpr const char* run_id = "abcdefgh";
inline const std::string branch = "changelings/sprite/abcdefgh";

struct WorkspaceFixture : RunFixture {
  run::Workspace make(const std::vector<std::string>& copied = {}) const {
    const run::Workspace workspace =
        run::Workspace::create(services(), run_id, branch, main(), "main", main());
    workspace.write_excludes(copied);
    return workspace;
  }
  std::filesystem::path administration() const { return services().places.run(run_id).git(); }
};

/// The files of a commit, one a line.
inline std::string files_of(const RunFixture& fixture, const std::string& revision) {
  return fixture.shell(fixture.home.path(), "git -c core.quotePath=false ls-tree -r --name-only " + revision);
}

}  // namespace changeling::testing
