#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "project/project.hpp"

namespace changeling::server {

/// Repositories that a worker has open for reading, each for a moment: opening one and its index costs more
/// than most answers. One is opened anew once it is older than `longest_time`, after its settings or the
/// user's have changed, and when another repository lies in its place. What the records say is read anew each
/// time.
class KeptProjects {
 public:
  using Open = std::function<std::unique_ptr<project::Project>(const std::string& folder)>;
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  static constexpr auto longest_time = std::chrono::seconds(2);
  static constexpr std::size_t most = 8;

  KeptProjects(const Environment& environment, Open open, Now now = std::chrono::steady_clock::now);

  /// The repository with this git folder. It stays until the next call of anything here.
  project::Project& for_reading(const std::string& folder);
  /// After something went wrong, or was written: it is opened anew.
  void drop(const std::string& folder);

 private:
  struct Kept {
    std::string folder;
    std::string stamp;
    std::chrono::steady_clock::time_point since;
    std::unique_ptr<project::Project> project;
  };

  std::string stamp_of(const std::string& folder) const;

  Open open_;
  Now now_;
  std::vector<std::filesystem::path> user_files_;
  std::list<Kept> kept_;  ///< The newest first.
};

}  // namespace changeling::server
