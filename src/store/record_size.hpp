#pragma once

#include <string_view>

namespace changeling::store {

/// Throws Error(Invalid) for a text that is too large for a record, with the reason alone.
void check_record_size(std::string_view text);

/// What the file at a path of the state may hold: archives hold many records.
std::size_t size_limit(std::string_view path);

}  // namespace changeling::store
