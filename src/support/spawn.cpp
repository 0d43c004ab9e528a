#include "support/spawn.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

#include "support/error.hpp"
#include "support/keeper.hpp"
#include "support/signals_blocked.hpp"

namespace changeling {
namespace {

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

/// Both ends lie above the standard descriptors, even when this process was started with those closed:
/// otherwise one dup2 in the child could close what the next one needs.
FileDescriptor above_standard_descriptors(FileDescriptor descriptor) {
  if (descriptor.get() > STDERR_FILENO) return descriptor;
  FileDescriptor moved(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!moved)
    throw Error(ErrorKind::Io, fmt::format("cannot duplicate a descriptor: {}", std::strerror(errno)));
  return moved;
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(ErrorKind::Io, fmt::format("cannot create a pipe: {}", std::strerror(errno)));
  }
  FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  return {above_standard_descriptors(std::move(reader)), above_standard_descriptors(std::move(writer))};
}

void make_nonblocking(const FileDescriptor& descriptor) {
  if (const int flags = ::fcntl(descriptor.get(), F_GETFL); flags >= 0) {
    ::fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK);
  }
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> as_assignments(const Environment& environment) {
  std::vector<std::string> assignments;
  for (const auto& [name, value] : environment.variables()) assignments.push_back(name + "=" + value);
  return assignments;
}

/// What the child tells its parent when it could not become the program.
enum class Step : int { Directory, Execute };
struct Failure {
  Step step;
  int error;
};

/// Everything the child needs, prepared before the fork: another thread may hold the allocator's lock at
/// that moment, so the child may only make calls that are safe in signal handlers.
struct ChildPlan {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const char* directory;  ///< Null: stay.
  int input;              ///< With Session::Terminal the three streams are ours and these are not used.
  int output;
  int error;
  int failures;
  pid_t parent;
  Session session;
  Descendants descendants;
  Part part;
  const int* inherited;  ///< Ends with -1.
  const ResourceLimit* limits;
  std::size_t limit_count;
  const int* groups;  ///< Ends with -1.
};

[[noreturn]] void report_and_exit(const ChildPlan& plan, Step step) {
  const Failure failure{step, errno};
  [[maybe_unused]] const auto written = ::write(plan.failures, &failure, sizeof failure);
  ::_exit(127);
}

bool is_kept(const ChildPlan& plan) {
  return plan.session == Session::Own && plan.descendants == Descendants::EndWithIt;
}

/// One that is lower already stays.
void set_limits(const ChildPlan& plan) {
  for (std::size_t index = 0; index < plan.limit_count; ++index) {
    const ResourceLimit& limit = plan.limits[index];
    const auto resource = static_cast<__rlimit_resource>(limit.resource);
    rlimit current{};
    if (::getrlimit(resource, &current) != 0) continue;
    const rlim_t most = std::min<rlim_t>(limit.most, current.rlim_max);
    const rlimit wanted{most, most};
    ::setrlimit(resource, &wanted);
  }
}

/// A group that takes nobody in any more counts nothing; its other limits stand.
void join_groups(const ChildPlan& plan) {
  for (const int* group = plan.groups; *group >= 0; ++group) {
    [[maybe_unused]] const auto written = ::write(*group, "0", 1);
  }
}

[[noreturn]] void become_program(const ChildPlan& plan) {
  if (plan.session == Session::Own || plan.session == Session::Detached) ::setsid();
  if (plan.session == Session::Group) ::setpgid(0, 0);
  if (plan.session == Session::Terminal) {
    ::setpgid(0, 0);
    ::tcsetpgrp(STDIN_FILENO, ::getpid());  // All signals are blocked, among them the one against this.
  }
  pid_t parent = plan.parent;
  if (is_kept(plan)) parent = leave_keeper_behind(plan.parent, plan.part);
  if (parent < 0) report_and_exit(plan, Step::Execute);
  if (plan.session != Session::Detached) {
    ::prctl(PR_SET_PDEATHSIG, plan.session == Session::Group ? SIGTERM : SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // The parent died before the line above took effect.
  }

  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
  if (plan.session == Session::Terminal && plan.part == Part::Wrapper) {
    // Ctrl-C is for the program that it waits for, which takes it as usual again.
    for (const int signal : {SIGINT, SIGQUIT}) ::signal(signal, SIG_IGN);
  }
  sigset_t held_back;
  ::sigemptyset(&held_back);
  if (plan.session == Session::Group) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&held_back, signal);
  }
  ::sigprocmask(SIG_SETMASK, &held_back, nullptr);

  if (plan.session != Session::Terminal) {
    ::dup2(plan.input, STDIN_FILENO);
    ::dup2(plan.output, STDOUT_FILENO);
    ::dup2(plan.error, STDERR_FILENO);
  }
  // Libraries open files without close-on-exec; an inherited lock or socket would outlive this process.
  ::close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  for (const int* descriptor = plan.inherited; *descriptor >= 0; ++descriptor)
    ::fcntl(*descriptor, F_SETFD, 0);
  set_limits(plan);
  join_groups(plan);

  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) report_and_exit(plan, Step::Directory);
  ::execve(plan.program, plan.arguments, plan.environment);
  report_and_exit(plan, Step::Execute);
}

/// A process that ignores SIGCHLD (it may have inherited that) never learns how its children ended.
void keep_exit_statuses() {
  struct sigaction current {};
  if (::sigaction(SIGCHLD, nullptr, &current) == 0 && current.sa_handler == SIG_IGN) {
    current.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &current, nullptr);
  }
}

[[noreturn]] void throw_not_found(const std::string& program, const std::string& reason) {
  throw Error(ErrorKind::NotFound, fmt::format("cannot start '{}': {}", program, reason),
              fmt::format("install '{0}', or check with 'command -v {0}' that it is on PATH", program));
}

std::optional<Failure> read_failure(const FileDescriptor& failures) {
  Failure failure{};
  ssize_t count = 0;
  do {
    count = ::read(failures.get(), &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  if (count == static_cast<ssize_t>(sizeof failure)) return failure;
  return std::nullopt;
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void throw_failure(const Failure& failure, const Command& command) {
  const std::string reason = std::strerror(failure.error);
  if (failure.step == Step::Directory) {
    throw Error(ErrorKind::Io, fmt::format("cannot start '{}' in '{}': {}", command.arguments.front(),
                                           command.working_directory.string(), reason));
  }
  if (failure.error == ENOENT) {
    throw_not_found(command.arguments.front(), "the interpreter named in its first line does not exist");
  }
  if (failure.error == ENOEXEC) {
    throw_not_found(command.arguments.front(), "neither a program of this machine nor a script with '#!'");
  }
  throw_not_found(command.arguments.front(), reason);
}

}  // namespace

FileDescriptor file_in_memory(const std::string& text) {
  FileDescriptor file = above_standard_descriptors(FileDescriptor(::memfd_create("input", MFD_CLOEXEC)));
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      throw Error(ErrorKind::Io, fmt::format("cannot keep the input of a program: {}", std::strerror(errno)));
    done += static_cast<std::size_t>(count);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::filesystem::path locate_program(const Command& command) {
  const Environment environment = command.environment.value_or(Environment::of_this_process());
  const std::string& program = command.arguments.front();
  auto wanted = program;
  if (program.find('/') != std::string::npos && !command.working_directory.empty()) {
    wanted = (command.working_directory / program).string();
  }
  if (const auto found = find_program(wanted, environment)) return *found;
  throw_not_found(program, program.find('/') == std::string::npos ? "no such program on PATH"
                                                                  : "no such executable file");
}

namespace {

FileDescriptor nothing(int mode) {
  return above_standard_descriptors(FileDescriptor(::open("/dev/null", mode | O_CLOEXEC)));
}

/// The ends of the standard streams that the program gets, and ours.
struct Streams {
  Pipe input;
  Pipe output;
  Pipe error;
};

/// With -1 behind the last.
std::vector<int> numbers_of(const std::vector<std::shared_ptr<const FileDescriptor>>& files) {
  std::vector<int> numbers;
  for (const auto& file : files) numbers.push_back(file->get());
  numbers.push_back(-1);
  return numbers;
}

SpawnedProcess start(const Command& command, Streams streams) {
  if (command.arguments.empty() || command.arguments.front().empty()) {
    throw Error(ErrorKind::Internal, "a command without a program");
  }
  const Environment environment = command.environment.value_or(Environment::of_this_process());
  const std::string program = locate_program(command).string();
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> assignments = as_assignments(environment);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(assignments);
  const std::string directory = command.working_directory.string();
  const std::vector<int> inherited = numbers_of(command.inherited);
  const std::vector<int> groups = numbers_of(command.groups);
  Pipe failures = make_pipe();
  keep_exit_statuses();

  const ChildPlan plan{program.c_str(),
                       argument_pointers.data(),
                       environment_pointers.data(),
                       directory.empty() ? nullptr : directory.c_str(),
                       streams.input.reader.get(),
                       streams.output.writer.get(),
                       streams.error.writer.get(),
                       failures.writer.get(),
                       ::getpid(),
                       command.session,
                       command.descendants,
                       command.part,
                       inherited.data(),
                       command.limits.data(),
                       command.limits.size(),
                       groups.data()};
  pid_t pid = -1;
  {
    const SignalsBlocked guard;
    // Until it has become the program the child only calls the kernel, so it needs no memory of its own,
    // which costs the more the more this process has. A keeper goes on as a process of ours.
    pid = is_kept(plan) ? ::fork() : ::vfork();
    if (pid == 0) become_program(plan);
  }
  if (pid < 0) {
    throw Error(ErrorKind::Io,
                fmt::format("cannot start '{}': {}", command.arguments.front(), std::strerror(errno)));
  }
  failures.writer.reset();
  if (const auto failure = read_failure(failures.reader)) {
    reap(pid);
    throw_failure(*failure, command);
  }
  return {pid, std::move(streams.input.writer), std::move(streams.output.reader),
          std::move(streams.error.reader)};
}

}  // namespace

SpawnedProcess spawn(const Command& command, ChildProcess::StandardInput input) {
  Streams streams;
  if (command.session != Session::Terminal) {
    streams.output = make_pipe();
    streams.error = make_pipe();
  }
  if (command.session == Session::Terminal || input == ChildProcess::StandardInput::Null) {
    streams.input.reader = nothing(O_RDONLY);
  } else {
    streams.input = make_pipe();
  }
  SpawnedProcess spawned = start(command, std::move(streams));
  for (const auto* ours : {&spawned.input, &spawned.output, &spawned.error}) {
    if (*ours) make_nonblocking(*ours);
  }
  return spawned;
}

SpawnedProcess spawn_ourselves(const Command& command) {
  Streams streams;
  streams.input.reader = file_in_memory(command.standard_input);
  streams.output = make_pipe();
  streams.error.writer =
      command.session == Session::Group
          ? above_standard_descriptors(FileDescriptor(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)))
          : nothing(O_WRONLY);
  return start(command, std::move(streams));
}

}  // namespace changeling
