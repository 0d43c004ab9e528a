#pragma once

#include <functional>
#include <string_view>

#include "run/launcher.hpp"

namespace changeling::run {

/// Told what happens, while it happens. Members may be empty.
struct Observer {
  std::function<void(std::string_view)> on_step;     ///< A short name, right before each step: "launch".
  std::function<void(std::string_view)> on_message;  ///< One sentence for people.
  std::function<void(const Progress&)> on_progress;
  std::function<bool()> stop_requested;  ///< The user wants to stop; asked a few times a second.
};

}  // namespace changeling::run
