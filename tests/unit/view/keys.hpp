#pragma once

#include <string>
#include <vector>

#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::testing {

/// The keys of an object, sorted, with a space between: a lost or a renamed one makes another text.
inline std::string keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return join(keys, " ");
}

inline const Timestamp morning = parse_timestamp("2026-11-20T03:00:00Z");
inline constexpr const char* morning_text = "2026-11-20T03:00:00.000Z";

}  // namespace changeling::testing
