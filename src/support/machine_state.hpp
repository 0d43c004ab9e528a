#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace changeling {

/// How busy and how full this machine is.
struct MachineState {
  std::vector<double> load;           ///< Over one, five and fifteen minutes; empty where it is not told.
  unsigned processors = 0;            ///< 0 where it is not told.
  std::uint64_t disk_free_bytes = 0;  ///< For this user, on the disk of the folder that was asked for.
  std::uint64_t disk_size_bytes = 0;
  std::string system;  ///< "Linux 6.1.0".
};

/// `folder`, or the nearest one above it that is there, says which disk.
MachineState read_machine_state(std::filesystem::path folder);

}  // namespace changeling
