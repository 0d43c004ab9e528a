#pragma once

#include <vector>

#include "server/worker.hpp"

namespace changeling::server {

/// Gives repositories of the same name names of their own, all of them: what is in somebody's address must
/// never come to mean another one because a third has come or gone. What is added is made of the folder.
void tell_apart(std::vector<Served>& repositories);

}  // namespace changeling::server
