#include "sandbox/probe.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{5};

/// Switches of Linux and its distributions that keep a user from a namespace.
struct Switch {
  const char* file;
  std::string_view forbids;
  std::string_view name;
  std::string_view allows;
};
constexpr std::array switches{
    Switch{"/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone", "1"},
    Switch{"/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces", "10000"},
    Switch{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
           "kernel.apparmor_restrict_unprivileged_userns", "0"},
};

std::string setting_of(const char* file) {
  try {
    return std::string(trim(read_file_if_exists(file).value_or("")));
  } catch (const std::exception&) {
    return "";
  }
}

Probe why_not(const ProcessResult& trial) {
  for (const Switch& each : switches) {
    if (setting_of(each.file) != each.forbids) continue;
    return {"", fmt::format("the kernel's setting {} = {} forbids it", each.name, each.forbids),
            fmt::format("sudo sysctl -w {}={}", each.name, each.allows)};
  }
  const auto lines = split_lines(trim(trial.error));
  const std::string said = lines.empty() ? trial.status.describe() : std::string(lines.back());
  return {"", fmt::format("bubblewrap cannot work here ({})", said),
          "in a container, allow user namespaces and an own /proc"};
}

/// Changes with every start of the machine and every other program.
std::string mark_of(const fs::path& program) {
  struct stat info {};
  if (::stat(program.c_str(), &info) != 0) return "";
  const std::string boot = setting_of("/proc/sys/kernel/random/boot_id");
  return fmt::format("{} {} {}.{} {} {}\n", program.string(), info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec, boot, ::geteuid());
}

ProcessResult try_it(const fs::path& program, ProcessRunner& processes) {
  Command command;
  command.arguments = {program.string(),
                       user_namespace_option(),
                       "--unshare-pid",
                       "--unshare-ipc",
                       "--unshare-uts",
                       "--unshare-net",
                       "--ro-bind",
                       "/",
                       "/",
                       "--dev",
                       "/dev",
                       "--proc",
                       "/proc",
                       "--die-with-parent",
                       "--",
                       "/bin/sh",
                       "-c",
                       ":"};
  return processes.run(command, patience);
}

}  // namespace

std::string user_namespace_option() {
  // The superuser needs none for the other namespaces, and some kernels refuse it.
  return ::geteuid() == 0 ? "--unshare-user-try" : "--unshare-user";
}

Probe probe(const Environment& environment, ProcessRunner& processes, const fs::path& note) {
  const auto program = find_program("bwrap", environment);
  if (!program) return {"", "bubblewrap (bwrap) is not installed", "sudo apt install bubblewrap"};
  const std::string mark = mark_of(*program);
  if (!note.empty() && !mark.empty() && read_file_if_exists(note).value_or("") == mark) return {*program};
  const ProcessResult trial = try_it(*program, processes);
  if (!trial.status.success()) return why_not(trial);
  try {
    if (!note.empty()) write_file(note, mark, Outlives::Process);
  } catch (const std::exception&) {
    // The next run tries again.
  }
  return {*program};
}

}  // namespace changeling::sandbox
