#pragma once

#include <functional>
#include <string_view>

#include "run/launcher.hpp"
#include "run/steps.hpp"

namespace changeling::run {

/// Told what happens, while it happens. Members may be empty.
struct Observer {
  std::function<void(Step)> on_step;                 ///< Right before each.
  std::function<void(std::string_view)> on_message;  ///< One sentence for people.
  std::function<void(const Progress&)> on_progress;
  std::function<bool()> stop_requested;  ///< The user wants to stop; asked a few times a second.
};

}  // namespace changeling::run
