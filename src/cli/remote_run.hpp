#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/run_once.hpp"

namespace changeling::cli {

/// Runs a changeling here ("local") or where it is deployed to (store::run_places()): starts it there,
/// follows it to its end unless the order says detach, and brings its record here. The exit code is that of
/// run_changeling; without a record, 0 when the other side says that it succeeded.
Answer run_on(Context& context, const std::string& place, const run::RunOrder& order);

}  // namespace changeling::cli
