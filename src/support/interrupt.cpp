#include "support/interrupt.hpp"

#include <csignal>

namespace changeling {
namespace {

// The only state a signal handler may touch.
volatile std::sig_atomic_t signal_count = 0;
int needed_signals = 1;
bool caught_signals = false;

sigset_t interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

void count_signal(int) {
  signal_count = signal_count + 1;
}

}  // namespace

void catch_interrupts(int needed) {
  needed_signals = needed;
  caught_signals = true;
  struct sigaction action {};
  action.sa_handler = count_signal;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: a blocking wait returns and its caller looks at interrupted().
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  // Whoever started this process may have held them back until now.
  const sigset_t caught = interrupts();
  pthread_sigmask(SIG_UNBLOCK, &caught, nullptr);
}

bool interrupted() {
  return signal_count >= needed_signals;
}

bool interrupted_while_waiting() {
  if (!caught_signals) catch_interrupts();
  return interrupted();
}

int interrupt_count() {
  return signal_count;
}

void request_interrupt() {
  if (signal_count == 0) signal_count = 1;
}

HeldInterrupts::HeldInterrupts() {
  sigset_t held;
  sigemptyset(&held);
  if (caught_signals) held = interrupts();
  pthread_sigmask(SIG_BLOCK, &held, &before_);
}

HeldInterrupts::~HeldInterrupts() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void outlive_readers() {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace changeling
