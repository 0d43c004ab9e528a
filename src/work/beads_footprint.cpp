#include "work/beads_footprint.hpp"

#include <fmt/format.h>

#include <vector>

#include "support/text.hpp"

namespace changeling::work {

std::string beads_footprint(const git::GitProgram& git, const std::filesystem::path& work_tree) {
  std::vector<std::string> parts;
  const ProcessResult tracked =
      git.run({"ls-files", "--", ":(top,glob).beads/*.jsonl", ":(top,glob).beads/*.db"}, work_tree);
  if (tracked.status.success() && !tracked.output.empty()) {
    parts.push_back(
        fmt::format("bd writes {} in this checkout with every claim: commit that now and then, or "
                    "let git forget it (git rm --cached)",
                    join(split_lines(tracked.output), ", ")));
  }
  const ProcessResult hooks = git.run({"config", "--get", "core.hooksPath"}, work_tree);
  if (hooks.status.success() && hooks.output.find(".beads") != std::string::npos) {
    parts.push_back(fmt::format("bd has set core.hooksPath to {}, so git runs the hooks that are there",
                                trim(hooks.output)));
  }
  return join(parts, "; ");
}

}  // namespace changeling::work
