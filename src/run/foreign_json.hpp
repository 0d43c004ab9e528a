#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace changeling::run {

/// Readers of JSON that another program has written. Unlike the readers of records they accept any shape:
/// what is missing, or is something else than expected, is nothing.

/// The member, or null.
const nlohmann::json& member(const nlohmann::json& object, const char* key);
/// The member if it is a list, otherwise an empty one.
const nlohmann::json& list_of(const nlohmann::json& object, const char* key);
std::string text_of(const nlohmann::json& object, const char* key);

/// A line that should be one JSON value; discarded if it is not. Numbers that JSON or a double cannot hold
/// (NaN, 1e999) become texts, so that they do not take the rest of the line with them.
nlohmann::json parse_foreign_json(std::string_view line);

}  // namespace changeling::run
