#pragma once

#include <nlohmann/json_fwd.hpp>

#include "forge/forge.hpp"

namespace changeling::view {

/// A pull request of any forge, without its body.
nlohmann::json to_json(const forge::PullRequest& pull);

}  // namespace changeling::view
