#pragma once

#include <string>
#include <vector>

#include "changeling/fields.hpp"

namespace changeling {

/// What becomes of a definition that somebody edited while it was changed elsewhere.
struct LayerMerge {
  Layer merged;                        ///< Every field as whoever changed it left it; ours in a conflict.
  std::vector<std::string> conflicts;  ///< Keys of the fields that both changed, to different values.
};

/// `ours` and `theirs` both began as `base`.
LayerMerge merge_layers(const Layer& base, const Layer& ours, const Layer& theirs);

}  // namespace changeling
