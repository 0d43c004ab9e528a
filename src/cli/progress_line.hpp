#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "run/launcher.hpp"
#include "run/steps.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// Shows on standard error how a run gets on: on a terminal one line that is rewritten, with elapsed time,
/// turns, tokens, cost and what the agent does; elsewhere a line per step.
class ProgressLine {
 public:
  ProgressLine(const Terminal& terminal, bool quiet, std::string label);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void step(run::Step next);
  /// Leaves the terminal to somebody else until the next step.
  void pause();
  void progress(const run::Progress& progress);
  /// Brings the elapsed time up to date; call it a few times a second.
  void tick();
  /// Puts a whole line above the progress line.
  void message(std::string_view text);

 private:
  void draw();
  void clear();

  Terminal terminal_;
  bool quiet_;
  std::string label_;
  std::string step_;
  run::Progress progress_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace changeling::cli
