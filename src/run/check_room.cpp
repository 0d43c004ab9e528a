#include "run/check_room.hpp"

#include "run/copied_files.hpp"
#include "run/removal.hpp"
#include "run/room.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const project::Services& services, const std::string& run_id) {
  return services.places.worktree(run_id + "-check");
}

fs::path leader_of(const project::Services& services, const std::string& run_id) {
  return services.places.run(run_id).folder / "check";
}

}  // namespace

CheckRoom::CheckRoom(const project::Services& services, const std::string& run_id, const std::string& branch,
                     const git::ObjectId& head, const std::vector<std::string>& copied)
    : services_(services), run_id_(run_id), head_(head), folder_(folder_of(services, run_id)) {
  remove(services, run_id);
  try {
    make_room(services, {folder_, leader_of(services, run_id), branch, head, "", head});
    if (const auto work_tree = services.repository.work_tree()) copy_files(*work_tree, folder_, copied);
  } catch (const std::exception&) {
    remove(services, run_id);
    throw;
  }
}

CheckRoom::~CheckRoom() {
  remove(services_, run_id_);
}

void CheckRoom::remove(const project::Services& services, const std::string& run_id) {
  remove_tree(folder_of(services, run_id));
  remove_tree(leader_of(services, run_id));
}

}  // namespace changeling::run
