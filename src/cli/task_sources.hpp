#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/context.hpp"
#include "work/queue_source.hpp"

namespace changeling::cli {

/// The source of that name: "queue", "beads" or "github". Throws Error(Usage) for any other word.
std::unique_ptr<work::TaskSource> make_source(Context& context, std::string_view kind,
                                              const work::QueueTerms& terms);

}  // namespace changeling::cli
