#pragma once

#include <string_view>

#include "server/message.hpp"

namespace changeling::server {

/// Whether this is a page, or a part of one. They are compiled into the program from web/ and hold nothing of
/// anybody's.
bool is_page(std::string_view path);
/// Whether it is there before a login: the login page and its parts. The dashboard is not.
bool is_public_page(std::string_view path);
/// It; `path` is one of them.
Response page(std::string_view path);

}  // namespace changeling::server
