#pragma once

#include <sys/types.h>
#include <termios.h>

namespace changeling {

/// Our terminal while a program in a process group of its own has it (Command::session Terminal). Whatever
/// that program does to the terminal, in the end we are in the foreground again and its settings are what
/// they were.
class TerminalLoan {
 public:
  /// Throws Error(Refused) when standard input or output is no terminal or this process is in the background.
  TerminalLoan();
  /// Takes the terminal back.
  ~TerminalLoan();
  TerminalLoan(const TerminalLoan&) = delete;
  TerminalLoan& operator=(const TerminalLoan&) = delete;

  /// Undoes what a program that could not clean up leaves on the screen: a hidden cursor, colours, reports
  /// of the mouse and of pasting.
  void calm_display() const;

  /// The program has been stopped with Ctrl-Z: gives the terminal back to the shell by stopping our own
  /// process group as well, and returns when somebody continues it in the foreground, with the terminal and
  /// its settings given to `group` again. Where no shell would ever continue us it returns at once.
  void suspend(pid_t group);

 private:
  void take_back() const;

  termios ours_{};
  pid_t our_group_;
};

/// Throws what the constructor of TerminalLoan throws.
void require_terminal_in_foreground();

}  // namespace changeling
