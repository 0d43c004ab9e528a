#include "project/base_branch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

/// What the remote's HEAD was when a run last asked. refs/remotes/NAME/HEAD belongs to the user and may be
/// missing or old.
std::filesystem::path memory_of_remote(const git::Repository& repository, const std::string& remote) {
  std::string file = remote;  // May hold slashes.
  std::replace(file.begin(), file.end(), '/', '%');
  return repository.common_directory() / "changelings" / "default-branches" / file;
}

std::optional<std::string> default_branch_known_here(const git::Repository& repository,
                                                     const std::string& remote) {
  const std::string remembered(trim(read_file_if_exists(memory_of_remote(repository, remote)).value_or("")));
  if (!remembered.empty() && repository.resolve(tracking_reference(remote, remembered))) return remembered;
  // The symbolic reference that clone sets.
  const std::string prefix = tracking_reference(remote, "");
  const auto target = repository.symbolic_target(prefix + "HEAD");
  if (target && target->starts_with(prefix)) return target->substr(prefix.size());
  return std::nullopt;
}

}  // namespace

std::string tracking_reference(const std::string& remote, const std::string& branch) {
  return fmt::format("refs/remotes/{}/{}", remote, branch);
}

std::optional<KnownBase> known_base(const git::Repository& repository, const std::string& remote,
                                    const Definition& definition) {
  using Source = KnownBase::Source;
  if (!definition.base_branch.empty()) return KnownBase{definition.base_branch, Source::Chosen};
  if (const auto configured = repository.config("changeling.base"); configured && !configured->empty())
    return KnownBase{*configured, Source::Chosen};
  if (!remote.empty()) {
    if (const auto branch = default_branch_known_here(repository, remote))
      return KnownBase{*branch, Source::Remote};
  }
  for (const char* name : {"main", "master"}) {
    if (repository.resolve(std::string("refs/heads/") + name)) return KnownBase{name};
    if (!remote.empty() && repository.resolve(tracking_reference(remote, name))) return KnownBase{name};
  }
  if (const auto current = repository.current_branch();
      current && repository.resolve("refs/heads/" + *current)) {
    return KnownBase{*current};
  }
  return std::nullopt;
}

std::string base_branch(const git::Repository& repository, const std::string& remote,
                        const Definition& definition) {
  if (const auto known = known_base(repository, remote, definition)) return known->branch;
  throw Error(ErrorKind::NotFound, "there is no branch to work on: this repository has no commit on a branch",
              "commit something first, or name a branch: git changeling update " + definition.name +
                  " --branch NAME");
}

void remember_default_branch(const git::Repository& repository, const std::string& remote,
                             const std::string& branch) {
  const auto file = memory_of_remote(repository, remote);
  if (trim(read_file_if_exists(file).value_or("")) == branch) return;
  create_private_directories(file.parent_path());
  write_file(file, branch + "\n");
}

}  // namespace changeling::project
