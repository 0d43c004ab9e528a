#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace changeling::sandbox {

enum class Network { Full, None, Listed };

/// A folder that is seen at another place.
struct Replacement {
  std::filesystem::path place;
  std::filesystem::path folder;
};

/// What the commands of a run find of the machine: the system, read-only, and what is named here. Paths are
/// absolute; what does not exist is left out. Of two that contain one another the inner one decides, and of
/// the same path the later member.
struct Walls {
  std::filesystem::path bubblewrap;           ///< The program; empty: there are no walls but the limits.
  std::filesystem::path own_program;          ///< This program, which has a part inside; empty: left out.
  std::vector<std::filesystem::path> hidden;  ///< Empty folders in their place.
  std::vector<Replacement> replaced;          ///< Writable: a home and a /tmp of the run's own.
  std::vector<std::filesystem::path> readable;
  std::vector<std::filesystem::path> writable;
  std::vector<std::filesystem::path>
      never_written;                          ///< Below what is writable; also a file that shows nothing.
  std::vector<std::filesystem::path> masked;  ///< Files that cannot be read.
  Network network = Network::Full;
  std::filesystem::path proxy_folder;  ///< With Network::Listed: holds the socket `proxy` of its proxy.
  bool own_servers = true;             ///< Programs ask 127.0.0.1 without the proxy.
  std::vector<ResourceLimit> limits;
  std::int64_t most_processes = 0;  ///< Behind the walls; 0: no limit, or the group counts them.
  /// What a command writes itself to, see control_group.hpp.
  std::vector<std::shared_ptr<const FileDescriptor>> doors;
};

}  // namespace changeling::sandbox
