#pragma once

#include <csignal>

namespace changeling {

/// Catches INT, TERM and HUP from now on, so that a run can end its agent and write its record. `needed` of
/// them end what is under way: two for a worker, which takes no new task after the first one.
void catch_interrupts(int needed = 1);
/// Whether what is under way is to end.
bool interrupted();
/// As interrupted(), for what waits for a network in any command: from the first question on the signals are
/// caught, so that whoever waits ends what it has started before this process ends.
bool interrupted_while_waiting();
/// How many have come.
int interrupt_count();
/// As if one had come, unless one has.
void request_interrupt();
/// Caught interrupts wait while it lives, for this thread: what is written meanwhile is written whole, where
/// the system would else break the call off (EINTR) and the C library drop what is left. Of a process that
/// catches none nothing is held back, so that one can end it while it waits for a reader.
class HeldInterrupts {
 public:
  HeldInterrupts();
  ~HeldInterrupts();
  HeldInterrupts(const HeldInterrupts&) = delete;
  HeldInterrupts& operator=(const HeldInterrupts&) = delete;

 private:
  sigset_t before_;
};

/// From now on writing to a reader that has gone away (`| head -1`, a closed terminal) fails instead of
/// ending this process by PIPE: for what has more to do than to print. What is started later gets PIPE as
/// usual.
void outlive_readers();

}  // namespace changeling
