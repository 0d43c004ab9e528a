#pragma once

#include <CLI/CLI.hpp>

namespace changeling::cli {

/// An option that may be given several times with one value each, as git does it; a positional after it is
/// never taken for one more value.
inline CLI::Option* repeatable(CLI::Option* option) {
  return option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
}

}  // namespace changeling::cli
