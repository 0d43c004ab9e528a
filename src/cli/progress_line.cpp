#include "cli/progress_line.hpp"

#include <fmt/format.h>

#include "cli/output.hpp"
#include "cli/run_text.hpp"
#include "support/clock.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(200);

}  // namespace

ProgressLine::ProgressLine(const Terminal& terminal, bool quiet, std::string label)
    : terminal_(terminal), quiet_(quiet), label_(std::move(label)) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::step(run::Step next) {
  if (quiet_ || activity_of(next).empty()) return;
  step_ = activity_of(next);
  progress_.activity.clear();
  if (terminal_.error_is_terminal) {
    draw();
  } else {
    tell(fmt::format("{}: {}", label_, step_));
  }
}

void ProgressLine::pause() {
  clear();
  step_ = {};
}

void ProgressLine::progress(const run::Progress& progress) {
  progress_ = progress;
  tick();
}

void ProgressLine::tick() {
  if (quiet_ || !terminal_.error_is_terminal || step_.empty()) return;
  if (std::chrono::steady_clock::now() - drawn_ >= redraw_interval) draw();
}

void ProgressLine::message(std::string_view text) {
  if (quiet_) return;
  clear();
  tell(fmt::format("{}: {}", label_, text));
}

void ProgressLine::draw() {
  drawn_ = std::chrono::steady_clock::now();
  const auto elapsed = std::chrono::duration_cast<Duration>(drawn_ - start_);
  std::vector<std::string> parts{describe_duration(std::chrono::floor<std::chrono::seconds>(elapsed))};
  if (const std::string usage = usage_text(progress_); !usage.empty()) parts.push_back(usage);
  if (!progress_.activity.empty()) parts.push_back(progress_.activity);
  const std::string line = fmt::format("{}: {}  {}", label_, step_, join(parts, " · "));
  redraw_line(truncated(without_controls(line), static_cast<std::size_t>(terminal_.width) - 1));
  visible_ = true;
}

void ProgressLine::clear() {
  if (!visible_) return;
  redraw_line("");
  visible_ = false;
}

}  // namespace changeling::cli
