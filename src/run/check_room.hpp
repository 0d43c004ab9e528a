#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/services.hpp"

namespace changeling::run {

/// Where the work of a run is checked: a fresh room (room.hpp) with exactly the commit that is proposed, and
/// nothing that the agent has left elsewhere. Goes with this object.
class CheckRoom {
 public:
  /// `copied` are files of the user's work tree, as for the agent. Throws as make_room does, and
  /// Error(Refused) for a path that leads out of the room.
  CheckRoom(const project::Services& services, const std::string& run_id, const std::string& branch,
            const git::ObjectId& head, const std::vector<std::string>& copied);
  CheckRoom(const CheckRoom&) = delete;
  CheckRoom& operator=(const CheckRoom&) = delete;
  ~CheckRoom();

  const std::filesystem::path& path() const { return folder_; }
  const git::ObjectId& head() const { return head_; }

  /// What a run that was killed has left of its own.
  static void remove(const project::Services& services, const std::string& run_id);

 private:
  const project::Services& services_;
  std::string run_id_;
  git::ObjectId head_;
  std::filesystem::path folder_;
};

}  // namespace changeling::run
