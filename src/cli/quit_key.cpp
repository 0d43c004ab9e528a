#include "cli/quit_key.hpp"

#include <poll.h>
#include <unistd.h>

namespace changeling::cli {

QuitKey::QuitKey(Use use) : use_(::isatty(STDIN_FILENO) == 1 ? use : Use::Ignore) {}

QuitKey::~QuitKey() {
  release();
}

/// Whoever touches the terminal from the background is stopped by the kernel.
bool QuitKey::in_foreground() const {
  return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

void QuitKey::take() {
  termios mode{};
  if (before_ || ::tcgetattr(STDIN_FILENO, &mode) != 0) return;
  before_ = mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  mode.c_cc[VMIN] = 0;
  mode.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

bool QuitKey::pressed() {
  if (use_ == Use::Ignore || !in_foreground()) return false;
  take();
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  while (::poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0) {
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) != 1) return false;
    if (key == 'q' || key == 'Q') return true;
  }
  return false;
}

void QuitKey::release() {
  if (!before_) return;
  if (in_foreground()) ::tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  before_.reset();
}

}  // namespace changeling::cli
