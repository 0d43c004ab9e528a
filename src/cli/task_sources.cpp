#include "cli/task_sources.hpp"

#include <fmt/format.h>

#include "cli/foreign_sources.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {

std::unique_ptr<work::TaskSource> make_source(Context& context, std::string_view kind,
                                              const work::QueueTerms& terms) {
  if (kind == "queue") return std::make_unique<work::QueueSource>(context.tasks(), context.clock(), terms);
  if (kind == "beads") return make_beads_source(context);
  if (kind == "github") return make_github_source(context);
  const auto near = nearest(kind, {"queue", "beads", "github"});
  throw Error(ErrorKind::Usage,
              fmt::format("option --source: \"{}\" is not allowed; allowed are queue, beads, github", kind),
              near ? fmt::format("did you mean \"{}\"?", *near) : "");
}

}  // namespace changeling::cli
