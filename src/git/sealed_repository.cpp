#include "git/sealed_repository.hpp"

#include "git/directory_parts.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

/// gitrepository-layout(5): what is data; and what git-lfs keeps.
constexpr const char* shared_parts[] = {"refs", "packed-refs", "objects", "logs", "shallow", "lfs"};

}  // namespace

std::string seal_settings() {
  return "[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n\tuntrackedCache = false\n"
         "\tsplitIndex = false\n\ttrustctime = true\n\tcheckStat = default\n\tsparseCheckout = false\n"
         "[submodule]\n\trecurse = false\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = "
         "false\n[extensions]\n\tworktreeConfig = false\n";
}

SealedRepository::SealedRepository(fs::path folder, const RepositoryPlace& source, const std::string& config)
    : folder_(std::move(folder)), config_(config + seal_settings()) {
  fs::remove_all(folder_);
  create_private_directories(folder_ / "info");
  // Relative, because a repository may be moved with everything in it.
  for (const char* part : shared_parts)
    fs::create_symlink((source.common_directory / part).lexically_relative(folder_), folder_ / part);
  copy_data(source.common_directory / "info/attributes", folder_ / "info/attributes");
  copy_data(source.git_directory / "HEAD", folder_ / "HEAD");
  write_file(tree() / ".git", "gitdir: " + folder_.string() + "\n", Outlives::Process);
  refresh();
}

void SealedRepository::refresh() const {
  const fs::path file = folder_ / "config";
  if (read_regular_file(file, config_.size() + 1) != config_) write_file(file, config_, Outlives::Process);
}

}  // namespace changeling::git
