#pragma once

#include <string>
#include <string_view>

namespace changeling::deploy {

/// A changeling's name for file names, apps and groups elsewhere, which allow less than we do: letters,
/// digits, ".", "_" and "-", at most `limit` (16 or more) of them. A name that does not fit is rewritten and
/// ends with a part of its digest, so that two names never meet.
std::string place_name(std::string_view name, std::size_t limit);

}  // namespace changeling::deploy
