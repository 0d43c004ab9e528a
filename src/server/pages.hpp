#pragma once

#include <string_view>

#include "server/message.hpp"

namespace changeling::server {

/// Whether this is one of the pages that are there before a login: they hold nothing of anybody's.
bool is_page(std::string_view path);
/// It, as it is compiled into the program from web/.
Response page(std::string_view path);

}  // namespace changeling::server
