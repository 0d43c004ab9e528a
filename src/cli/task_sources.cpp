#include "cli/task_sources.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {

std::unique_ptr<work::TaskSource> make_source(Context& context, std::string_view kind,
                                              const work::QueueTerms& terms) {
  if (kind == "queue") return std::make_unique<work::QueueSource>(context.tasks(), context.clock(), terms);
  if (kind == "beads" || kind == "github") {
    throw Error(ErrorKind::Refused, fmt::format("this version cannot take tasks from {} yet", kind),
                "import them: git changeling task import");
  }
  const auto near = nearest(kind, {"queue", "beads", "github"});
  throw Error(ErrorKind::Usage,
              fmt::format("option --source: \"{}\" is not allowed; allowed are queue, beads, github", kind),
              near ? fmt::format("did you mean \"{}\"?", *near) : "");
}

}  // namespace changeling::cli
