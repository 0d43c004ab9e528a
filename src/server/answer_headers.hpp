#pragma once

#include <string>

#include "server/message.hpp"

namespace changeling::server {

/// Adds what every answer has, whatever it says and whoever made it: nothing may be embedded, guessed, kept
/// or told to others, and a page runs scripts of ours alone. No header of CORS is among them, and those that
/// the answer brought are taken out. What could end a header's line is taken out of its value.
void add_answer_headers(Response& response);

}  // namespace changeling::server
