#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "project/project.hpp"
#include "work/queue_source.hpp"

namespace changeling::work {

/// The source of that name, see work/source_kinds.hpp. Throws Error(Usage) for any other word.
std::unique_ptr<work::TaskSource> make_source(project::Project& project, std::string_view word,
                                              const work::QueueTerms& terms);

}  // namespace changeling::work
