#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "project/halt.hpp"

namespace changeling::view {

/// Why nothing starts, and how to undo it; null while things may start.
nlohmann::json to_json(const std::optional<project::Halt>& halt);

}  // namespace changeling::view
