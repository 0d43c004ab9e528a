#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/context.hpp"
#include "work/queue_source.hpp"

namespace changeling::cli {

/// The source of that name, see work/source_kinds.hpp. Throws Error(Usage) for any other word.
std::unique_ptr<work::TaskSource> make_source(Context& context, std::string_view word,
                                              const work::QueueTerms& terms);

}  // namespace changeling::cli
