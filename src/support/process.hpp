#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/environment.hpp"
#include "support/file_descriptor.hpp"

namespace changeling {

/// Whether a program leads a session and process group of its own, as everything does that must be ended as a
/// whole, or stays in ours, so that it can ask the person at the terminal (ssh for a passphrase). With
/// Terminal it leads a process group of its own in our session, the terminal's foreground one, and has our
/// standard streams; see TerminalLoan. Detached and Group are for this program itself, started again: with
/// Detached it leads a session of its own and goes on when this process ends; with Group it leads a process
/// group of its own, is asked to end (TERM) when this process dies, shares our standard error, and begins
/// with INT, TERM and HUP held back until it is ready for them.
enum class Session { Own, Shared, Terminal, Detached, Group };

/// What becomes of the processes that a program has started when it ends. EndWithIt is for programs with a
/// session of their own: wherever those processes have gone, the program counts as ended when they all have
/// (see keeper.hpp), and they end as well when this process dies.
enum class Descendants { MayLiveOn, EndWithIt };

/// Whether the program does the work itself, or starts it in a session of its own and only waits for it, as
/// bubblewrap does. What a Wrapper would get of TERM goes to those whom it waits for.
enum class Part { Worker, Wrapper };

/// A limit of getrlimit(2) for a program and what it starts: soft and hard, in the unit of the resource.
struct ResourceLimit {
  int resource = 0;
  std::uint64_t most = 0;
};

/// What to start. `arguments[0]` is looked up on the PATH of `environment`.
struct Command {
  std::vector<std::string> arguments;
  std::filesystem::path working_directory;  ///< Empty: where this process is.
  std::optional<Environment> environment;   ///< Nothing: that of this process.
  std::string standard_input;               ///< Empty: /dev/null, so that nothing waits for a terminal.
  Session session = Session::Own;           ///< Shared: a time limit ends only the program itself.
  Descendants descendants = Descendants::MayLiveOn;
  Part part = Part::Worker;
  /// What the program inherits besides its standard streams, under the numbers that they have here.
  std::vector<std::shared_ptr<const FileDescriptor>> inherited;
  /// With Part::Wrapper, if set: an open file, see ending.hpp. It tells an exit code above 128 of the command
  /// from the signal that has ended it, for which a wrapper has only a code as well.
  std::shared_ptr<const FileDescriptor> ending;
  std::vector<ResourceLimit> limits;
  /// Open files of control groups (cgroups(7)), to which the program adds itself before anything of it runs.
  std::vector<std::shared_ptr<const FileDescriptor>> groups;
  std::function<void()> on_wait;  ///< If set, called a few times a second while it runs.
  /// If set, asked a few times a second: true ends the process group with TERM and, half a second later,
  /// KILL.
  std::function<bool()> stop_requested;
};

/// How a process ended: exactly one of the two is set.
struct ExitStatus {
  std::optional<int> code;
  std::optional<int> signal;

  bool success() const { return code == 0; }
  /// As a shell reports it: the code, or 128 + signal.
  int shell_code() const { return code ? *code : 128 + signal.value_or(0); }
  /// "exit code 1" or "signal 15 (Terminated)".
  std::string describe() const;
};

struct ProcessResult {
  ExitStatus status;
  std::string output;
  std::string error;
  bool timed_out = false;  ///< The time limit passed and the process group was ended.
  bool stopped = false;    ///< Command::stop_requested said so, and the process group was ended.
};

/// Runs a program to its end and collects what it prints.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  /// `time_limit` zero means none. A program that cannot be found or started throws Error(NotFound).
  /// After the limit the process group gets TERM and, two seconds later, KILL.
  virtual ProcessResult run(const Command& command, std::chrono::milliseconds time_limit) = 0;
  ProcessResult run(const Command& command) { return run(command, std::chrono::milliseconds(0)); }
};

class SystemProcessRunner : public ProcessRunner {
 public:
  using ProcessRunner::run;
  ProcessResult run(const Command& command, std::chrono::milliseconds time_limit) override;
};

/// A running program in a process group of its own, whose output is read as it comes.
/// Not copyable; the destructor ends the group with KILL if it still runs. Use from one thread.
class ChildProcess {
 public:
  enum class StandardInput { Null, Text, Pipe };  ///< Pipe stays open for write_input until close_input.
  using OnOutput = std::function<void(std::string_view)>;  ///< Called with the bytes as they were read.

  /// Throws Error(NotFound) when the program does not exist or may not be executed.
  /// The child gets SIGKILL when this thread's process dies (PR_SET_PDEATHSIG).
  static ChildProcess start(const Command& command, StandardInput input);

  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();

  int pid() const;
  /// Waits at most `wait` for output or the end, hands over what was read, and returns whether the
  /// process has not ended yet. It also wakes up for `others`, whose owner looks at them. Output that
  /// grandchildren keep open does not delay the end: what is in the pipes when the process ends is read, then
  /// the pipes are closed.
  bool pump(std::chrono::milliseconds wait, const OnOutput& on_output, const OnOutput& on_error,
            const std::vector<pollfd>& others = {});
  bool running() const;
  /// Whether the program has been stopped (Ctrl-Z) since the last call.
  bool take_stop() const;
  /// Only after pump returned false.
  ExitStatus exit_status() const;

  /// False when the program has closed its standard input.
  bool write_input(std::string_view text);
  void close_input();

  /// Sends to the whole process group, with Descendants::EndWithIt TERM alone; a group that is gone is no
  /// error.
  void signal_group(int signal) const;
  /// Kills the group, and with Descendants::EndWithIt all that the program has started.
  void kill_all() const;

 private:
  struct State;
  explicit ChildProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The absolute path of `program` on the PATH of `environment`, or nothing.
std::optional<std::filesystem::path> find_program(std::string_view program, const Environment& environment);

/// The absolute path of the program that `command` starts: with a slash in its name it is looked for from
/// where the program will be. Throws Error(NotFound) with a hint.
std::filesystem::path locate_program(const Command& command);

/// Processes of this user whose environment, as it was at their start, holds NAME=VALUE. Finds those that
/// left their process group or lost their parent. Reads /proc; without it the answer is empty.
std::vector<int> processes_with_environment(std::string_view name, std::string_view value);

/// Quotes for /bin/sh; words that need no quotes stay as they are.
std::string shell_quote(std::string_view word);

}  // namespace changeling
