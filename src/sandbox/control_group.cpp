#include "sandbox/control_group.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::sandbox {
namespace {

namespace fs = std::filesystem;

/// A folder of the kernel's in which a group for the controllers can be made.
struct Parent {
  fs::path folder;
  bool memory = false;
  bool processes = false;
  bool is_unified = false;
};

bool is_folder(const fs::path& path) {
  std::error_code unknown;
  return fs::is_directory(path, unknown);
}

std::string text_of(const fs::path& file) {
  try {
    return read_file_if_exists(file).value_or("");
  } catch (const std::exception&) {
    return "";
  }
}

bool has_word(const std::string& text, std::string_view word) {
  const auto words = split(std::string(trim(text)), ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// In the unified hierarchy beside the group that we are in: one with processes in it has no groups below.
std::optional<Parent> unified_parent(const fs::path& own) {
  const fs::path folder = (fs::path("/sys/fs/cgroup") / own.relative_path()).parent_path();
  const std::string given = text_of(folder / "cgroup.subtree_control");
  Parent parent{folder, has_word(given, "memory"), has_word(given, "pids"), true};
  if (!parent.memory && !parent.processes) return std::nullopt;
  return parent;
}

/// Where this process is, by the lines "NUMBER:CONTROLLERS:PATH" of cgroups(7).
std::vector<Parent> parents() {
  std::vector<Parent> found;
  for (const std::string_view line : split_lines(text_of("/proc/self/cgroup"))) {
    const auto parts = split(line, ':');
    if (parts.size() != 3) continue;
    if (parts[1].empty()) {
      if (auto parent = unified_parent(parts[2])) found.push_back(*parent);
    } else if (parts[1] == "memory" || parts[1] == "pids") {
      const fs::path folder = fs::path("/sys/fs/cgroup") / parts[1] / fs::path(parts[2]).relative_path();
      if (is_folder(folder)) found.push_back({folder, parts[1] == "memory", parts[1] == "pids", false});
    }
  }
  return found;
}

bool write_value(const fs::path& file, const std::string& value) {
  const FileDescriptor opened(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return opened && ::write(opened.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

}  // namespace

ControlGroup::ControlGroup(const std::string& name, Limits limits) {
  for (const Parent& parent : parents()) {
    const fs::path folder = parent.folder / name;
    std::error_code refused;
    if (!fs::create_directory(folder, refused)) continue;
    folders_.push_back(folder);
    const char* memory = parent.is_unified ? "memory.max" : "memory.limit_in_bytes";
    const auto bytes = std::to_string(limits.memory_mb * 1024 * 1024);
    const bool memory_set = parent.memory && limits.memory_mb > 0 && write_value(folder / memory, bytes);
    if (memory_set && parent.is_unified) write_value(folder / "memory.swap.max", "0");
    const bool processes_set = parent.processes && limits.processes > 0 &&
                               write_value(folder / "pids.max", std::to_string(limits.processes));
    // Where a group may take in threads one by one, whoever has one alone need not wait for the kernel to
    // look at all others (10 to 30 ms).
    const char* members = parent.is_unified ? "cgroup.procs" : "tasks";
    auto door = std::make_shared<FileDescriptor>(::open((folder / members).c_str(), O_WRONLY | O_CLOEXEC));
    if (!*door || (!memory_set && !processes_set)) continue;
    doors_.push_back(std::move(door));
    counts_memory_ = counts_memory_ || memory_set;
    counts_processes_ = counts_processes_ || processes_set;
  }
}

ControlGroup::~ControlGroup() {
  for (const fs::path& folder : folders_) ::rmdir(folder.c_str());
}

void remove_control_group(const std::string& name) {
  for (const Parent& parent : parents()) ::rmdir((parent.folder / name).c_str());
}

}  // namespace changeling::sandbox
