#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "project/project.hpp"
#include "work/queue_source.hpp"

namespace changeling::work {

/// The source of that name: "queue", "beads" or "github". Throws Error(Usage) for any other word.
std::unique_ptr<work::TaskSource> make_source(project::Project& project, std::string_view kind,
                                              const work::QueueTerms& terms);

}  // namespace changeling::work
