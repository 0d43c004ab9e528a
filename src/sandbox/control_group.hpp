#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/file_descriptor.hpp"

namespace changeling::sandbox {

/// A group of the kernel's (cgroups(7)) that counts memory and processes of all commands of a run together.
/// Where the user has none of his own to divide, there is none.
class ControlGroup {
 public:
  struct Limits {
    std::int64_t memory_mb = 0;  ///< 0: no limit.
    std::int64_t processes = 0;  ///< 0: no limit.
  };
  /// `name` is unlike every other one's.
  ControlGroup(const std::string& name, Limits limits);
  ~ControlGroup();
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  /// Who writes "0" to each of them belongs to the group.
  const std::vector<std::shared_ptr<const FileDescriptor>>& doors() const { return doors_; }
  bool counts_memory() const { return counts_memory_; }
  bool counts_processes() const { return counts_processes_; }

 private:
  std::vector<std::filesystem::path> folders_;
  std::vector<std::shared_ptr<const FileDescriptor>> doors_;
  bool counts_memory_ = false;
  bool counts_processes_ = false;
};

/// Removes what a killed process has left of the group.
void remove_control_group(const std::string& name);

}  // namespace changeling::sandbox
