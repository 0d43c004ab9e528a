#include "cli/transfer_line.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "cli/output.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// Whether somebody is being asked for a password, whose question must stay where it is.
bool hides_typing() {
  struct termios settings {};
  return ::tcgetattr(STDERR_FILENO, &settings) == 0 && (settings.c_lflag & ECHO) == 0;
}

}  // namespace

void TransferLine::show(git::GitProgram::Transfer transfer, const std::string& remote,
                        std::optional<std::chrono::milliseconds> elapsed) {
  if (!elapsed) {
    if (drawn_.count() > 0) draw("");
    drawn_ = {};
    return;
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*elapsed);
  if (seconds.count() < 1 || seconds == drawn_ || hides_typing()) return;
  drawn_ = seconds;
  draw(fmt::format("{} {} … {}s",
                   transfer == git::GitProgram::Transfer::Fetch ? "fetching the state from" : "sending to",
                   remote, seconds.count()));
}

void TransferLine::draw(const std::string& text) {
  redraw_line(truncated(without_controls(text), static_cast<std::size_t>(terminal_.width) - 1));
}

}  // namespace changeling::cli
