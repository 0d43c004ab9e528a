#pragma once

#include <string_view>

#include "server/message.hpp"

namespace changeling::server {

/// Whether this is a page, or a part of one. They are compiled into the program from web/ and hold nothing of
/// anybody's.
bool is_page(std::string_view path);
/// Whether it is there before a login: the login page and its parts. The dashboard is not.
bool is_public_page(std::string_view path);
/// It; `path` is one of them. `asked` are the headers of the request: who takes gzip gets it, and who has it
/// already gets 304. It is asked for each time, because it is another one with another version.
Response page(std::string_view path, const Headers& asked);

}  // namespace changeling::server
