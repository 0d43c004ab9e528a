#pragma once

#include <string>

#include "store/records.hpp"

namespace changeling::cli {

/// The run that a person names: by its id, by the beginning of one, or by a changeling, which stands for its
/// newest run. Throws Error(NotFound), or Error(Usage) when several ids begin so.
store::RunRecord find_named_run(const store::Snapshot& snapshot, const std::string& word);

}  // namespace changeling::cli
