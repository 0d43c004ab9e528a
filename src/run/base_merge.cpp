#include "run/base_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/held_git.hpp"
#include "run/leader_git.hpp"
#include "run/machine_walls.hpp"
#include "run/removal.hpp"
#include "run/room.hpp"
#include "run/user_drivers.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Those that take part in a merge of these two; none where nothing has to be merged.
git::ConfigEntries drivers_for(const project::Services& services, const git::ObjectId& head,
                               const git::ObjectId& base) {
  const git::Repository& repository = services.repository;
  if (repository.is_ancestor(head, base) || repository.is_ancestor(base, head)) return {};
  git::ConfigEntries drivers = split_drivers(repository.configuration_of_files()).drivers;
  // Without a merge driver no files are written, which filters would be for.
  const bool has_merge_driver = std::any_of(drivers.begin(), drivers.end(), [](const auto& entry) {
    return entry.first.starts_with("merge.") && entry.first.ends_with(".driver");
  });
  return has_merge_driver ? drivers : git::ConfigEntries();
}

void refuse_drivers_of_branch(const project::Services& services, const git::ConfigEntries& drivers,
                              const git::ObjectId& head) {
  const auto found = drivers_of_branch(drivers, [&](const std::string& path) {
    return services.git.run({"cat-file", "-e", fmt::format("{}:{}", head.hex(), path)}).status.success();
  });
  if (!found.empty()) throw DriverRefused(found.front());
}

/// Brings the tree from there into the user's repository.
void take_tree(const project::Services& services, const std::string& run_id, const fs::path& leader,
               const git::ObjectId& tree) {
  const auto commit =
      git::ObjectId::from_hex(LeaderGit(services, leader, leader)
                                  .check({"-c", "user.name=nobody", "-c", "user.email=nobody@localhost",
                                          "commit-tree", "-m", "merged", tree.hex()}));
  const std::string reference = fmt::format("refs/changelings/rooms/{}/merge", run_id);
  if (const auto problem = services.git.take(leader, commit, reference))
    throw Error(ErrorKind::External, fmt::format("git does not take the merged files: {}", *problem));
  services.repository.remove_reference(reference, commit);
}

git::MergeResult merge_held(const project::Services& services, const std::string& run_id,
                            const fs::path& leader, const git::ObjectId& head, const git::ObjectId& base,
                            const fs::path& bubblewrap) {
  make_leader(services, leader, "merge", head);
  // Where git::merge has its files.
  const fs::path files = leader / "changelings";
  create_private_directories(files);
  HeldGit held(services, leader, files, bubblewrap);
  const git::GitProgram git = held.program().with({{"GIT_LFS_SKIP_SMUDGE", "1"}}, leader);
  git::MergeResult result = git::merge(git, leader, head, base);
  held.take_objects();
  if (result.tree) take_tree(services, run_id, leader, *result.tree);
  return result;
}

}  // namespace

git::MergeResult merge_base_into(const project::Services& services, const std::string& run_id,
                                 const git::ObjectId& head, const git::ObjectId& base) {
  const git::ConfigEntries drivers = drivers_for(services, head, base);
  const auto merge_here = [&] {
    return git::merge(services.git, services.repository.common_directory(), head, base);
  };
  if (drivers.empty()) return merge_here();
  const auto probe = walls_for_drivers(services);
  if (!probe) {
    refuse_drivers_of_branch(services, drivers, head);
    return merge_here();
  }
  const fs::path leader = services.places.run(run_id).folder / "merge";
  try {
    git::MergeResult result = merge_held(services, run_id, leader, head, base, probe.bubblewrap);
    remove_tree(leader);
    return result;
  } catch (const std::exception&) {
    remove_tree(leader);
    throw;
  }
}

}  // namespace changeling::run
