#include "cli/progress_line.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "cli/run_text.hpp"
#include "support/clock.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(200);

void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

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
    write(fmt::format("{}: {}\n", label_, step_));
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
  write(fmt::format("{}: {}\n", label_, text));
}

void ProgressLine::draw() {
  drawn_ = std::chrono::steady_clock::now();
  const auto elapsed = std::chrono::duration_cast<Duration>(drawn_ - start_);
  std::vector<std::string> parts{describe_duration(std::chrono::floor<std::chrono::seconds>(elapsed))};
  if (const std::string usage = usage_text(progress_); !usage.empty()) parts.push_back(usage);
  if (!progress_.activity.empty()) parts.push_back(progress_.activity);
  const std::string line = fmt::format("{}: {}  {}", label_, step_, join(parts, " · "));
  write(fmt::format("\r{}\x1B[K", truncated(line, static_cast<std::size_t>(terminal_.width) - 1)));
  visible_ = true;
}

void ProgressLine::clear() {
  if (!visible_) return;
  write("\r\x1B[K");
  visible_ = false;
}

}  // namespace changeling::cli
