#include "git/private_work_tree.hpp"

#include <fmt/format.h>

#include "git/work_tree.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "private-";

void remove_remains(const fs::path& places) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(places, ignored)) {
    const bool is_lock = entry.path().extension() == ".lock";
    if (is_lock || !entry.path().filename().string().starts_with(prefix)) continue;
    const fs::path lock_file = entry.path().string() + ".lock";
    // The lock is there before the folder is.
    const auto lock = FileLock::try_acquire(lock_file);
    if (!lock) continue;
    fs::remove_all(entry.path(), ignored);
    fs::remove(lock_file, ignored);
  }
}

}  // namespace

PrivateWorkTree::PrivateWorkTree(const GitProgram& git, const fs::path& common_directory,
                                 const ObjectId& commit) {
  const fs::path places = common_directory / "changelings" / "merges";
  create_private_directories(places);
  remove_remains(places);
  place_ = places / (std::string(prefix) + random_id(10));
  lock_ = FileLock::try_acquire(place_.string() + ".lock");
  files_ = place_ / "files";
  create_private_directories(files_);
  // gitrepository-layout(5): what makes a folder the git directory of one more work tree.
  const fs::path git_directory = place_ / "git";
  write_file(git_directory / "HEAD", commit.hex() + "\n");
  write_file(git_directory / "commondir", common_directory.string() + "\n");
  std::map<std::string, std::string> variables{{"GIT_DIR", git_directory.string()},
                                               {"GIT_WORK_TREE", files_.string()}};
  git_.emplace(git.with(variables, files_));
  const ProcessResult result = run_alone(
      *git_, {"-c", "core.sparseCheckout=false", "-c", "core.splitIndex=false", "read-tree", commit.hex()});
  if (!result.status.success())
    throw Error(ErrorKind::External, fmt::format("git read-tree failed: {}", trim(result.error)));
}

PrivateWorkTree::~PrivateWorkTree() {
  std::error_code ignored;
  fs::remove_all(place_, ignored);
  fs::remove(place_.string() + ".lock", ignored);
}

}  // namespace changeling::git
