#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <thread>

#include "support/file_descriptor.hpp"
#include "support/process.hpp"

namespace changeling {
namespace {

constexpr auto time_of_an_exec = std::chrono::milliseconds(5);
/// What a shell searches when PATH is not set.
constexpr std::string_view kStandardPath = "/usr/local/bin:/usr/bin:/bin";

bool is_executable_file(const std::filesystem::path& path) {
  struct stat information {};
  return ::stat(path.c_str(), &information) == 0 && S_ISREG(information.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

std::optional<int> parse_process_number(std::string_view name) {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number <= 0) return std::nullopt;
  return number;
}

/// Entries each end with a zero byte. Empty when the process is gone, a zombie, or somebody else's.
std::string read_environment_of(int process) {
  std::string content;
  const std::string path = "/proc/" + std::to_string(process) + "/environ";
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return content;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

/// Whether a program runs in it: a thread of the kernel has none, nor has a zombie.
bool has_program(int process) {
  char target[8];
  const std::string path = "/proc/" + std::to_string(process) + "/exe";
  return ::readlink(path.c_str(), target, sizeof target) > 0;
}

bool holds_entry(std::string_view environment, std::string_view wanted) {
  while (!environment.empty()) {
    const auto end = std::min(environment.find('\0'), environment.size());
    if (environment.substr(0, end) == wanted) return true;
    environment.remove_prefix(std::min(end + 1, environment.size()));
  }
  return false;
}

}  // namespace

std::optional<std::filesystem::path> find_program(std::string_view program, const Environment& environment) {
  if (program.empty()) return std::nullopt;
  if (program.find('/') != std::string_view::npos) {
    const auto path = std::filesystem::absolute(program);
    return is_executable_file(path) ? std::optional(path) : std::nullopt;
  }
  const std::string path = environment.get("PATH").value_or(std::string(kStandardPath));
  std::string_view rest = path;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const std::filesystem::path folder(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // A relative folder would let the contents of a repository decide which program runs.
    if (!folder.is_absolute()) continue;
    if (auto candidate = folder / program; is_executable_file(candidate)) return candidate;
  }
  return std::nullopt;
}

std::vector<int> processes_with_environment(std::string_view name, std::string_view value) {
  std::vector<int> found;
  const std::string wanted = std::string(name) + "=" + std::string(value);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
  if (!folder) return found;
  std::vector<int> unclear;
  while (const dirent* entry = ::readdir(folder.get())) {
    const auto process = parse_process_number(entry->d_name);
    if (!process || *process == ::getpid()) continue;
    struct stat information {};
    if (::fstatat(::dirfd(folder.get()), entry->d_name, &information, 0) != 0) continue;
    if (information.st_uid != ::geteuid()) continue;
    const std::string environment = read_environment_of(*process);
    if (holds_entry(environment, wanted)) found.push_back(*process);
    if (environment.empty() && has_program(*process)) unclear.push_back(*process);
  }
  // A process that is just starting another program shows no environment for an instant.
  if (!unclear.empty()) std::this_thread::sleep_for(time_of_an_exec);
  for (const int process : unclear) {
    if (holds_entry(read_environment_of(process), wanted)) found.push_back(process);
  }
  return found;
}

}  // namespace changeling
