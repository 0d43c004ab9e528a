#include "work/task_sources.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/text.hpp"
#include "work/foreign_sources.hpp"

namespace changeling::work {

std::unique_ptr<work::TaskSource> make_source(project::Project& project, std::string_view kind,
                                              const work::QueueTerms& terms) {
  if (kind == "queue") return std::make_unique<work::QueueSource>(project.tasks(), project.clock(), terms);
  if (kind == "beads") return make_beads_source(project);
  if (kind == "github") return make_github_source(project);
  const auto near = nearest(kind, {"queue", "beads", "github"});
  throw Error(ErrorKind::Usage,
              fmt::format("option --source: \"{}\" is not allowed; allowed are queue, beads, github", kind),
              near ? fmt::format("did you mean \"{}\"?", *near) : "");
}

}  // namespace changeling::work
