#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/context.hpp"

namespace changeling::cli {

/// Git folders of the repositories that this user has registered, and of the one that the command is called
/// in, if it is in one. Sorted, each once; those that are gone are among them. Throws Error(NotFound) when a
/// -C leads to none.
std::vector<std::string> repositories_of_user(Context& context);

/// For working in another repository than the one that the command is called in.
Context context_of_repository(const Context& context, const std::string& git_folder);

/// Calls `work` in each of the user's repositories. One in which that fails becomes a warning and keeps the
/// others from nothing.
void in_each_repository(Context& context, const std::function<void(Context&)>& work);

}  // namespace changeling::cli
