#include "cli/interrupt.hpp"

#include <csignal>

namespace changeling::cli {
namespace {

// The only state a signal handler may touch.
volatile std::sig_atomic_t signal_count = 0;

void count_signal(int) {
  signal_count = signal_count + 1;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = count_signal;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: a blocking wait returns and its caller looks at interrupted().
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

bool interrupted() {
  return signal_count > 0;
}

}  // namespace changeling::cli
