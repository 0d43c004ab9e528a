#pragma once

#include <nlohmann/json_fwd.hpp>

namespace changeling::cli {

/// The closed lists of words inside the program, for `__dump-cli`: each by its name, as an array of objects
/// with `word` and `help`. Tables in docs/ are made from them.
nlohmann::json describe_lists();

}  // namespace changeling::cli
