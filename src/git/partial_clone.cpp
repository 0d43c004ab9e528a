#include "git/partial_clone.hpp"

#include <algorithm>

namespace changeling::git {

bool is_partial_clone(const Repository& repository) {
  const auto remotes = repository.config_section("remote");
  return std::any_of(remotes.begin(), remotes.end(), [](const auto& entry) {
    return entry.first.ends_with(".promisor") && entry.second != "false";
  });
}

void fetch_differing_files(const Repository& repository, const GitProgram& git, const ObjectId& from,
                           const ObjectId& to) {
  if (!is_partial_clone(repository)) return;
  // A patch is what needs the content of all of them; git fetches it in one go.
  git.run({"--git-dir=" + repository.common_directory().string(), "diff-tree", "-r", "-p", "--no-ext-diff",
           "--no-textconv", "--no-renames", from.hex(), to.hex()});
}

}  // namespace changeling::git
