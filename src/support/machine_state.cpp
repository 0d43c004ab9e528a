#include "support/machine_state.hpp"

#include <sys/utsname.h>

#include <array>
#include <cstdlib>
#include <thread>

namespace changeling {
namespace {

std::vector<double> load() {
  std::array<double, 3> averages{};
  const int told = getloadavg(averages.data(), static_cast<int>(averages.size()));
  if (told < static_cast<int>(averages.size())) return {};
  return {averages.begin(), averages.end()};
}

std::string system_name() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + " " + names.release;
}

}  // namespace

MachineState read_machine_state(std::filesystem::path folder) {
  std::error_code problem;
  while (!std::filesystem::exists(folder, problem) && folder.has_parent_path() &&
         folder != folder.parent_path())
    folder = folder.parent_path();
  MachineState state{load(), std::thread::hardware_concurrency(), 0, 0, system_name()};
  const auto space = std::filesystem::space(folder, problem);
  if (!problem) {
    state.disk_free_bytes = space.available;
    state.disk_size_bytes = space.capacity;
  }
  return state;
}

}  // namespace changeling
