#include "run/base_branch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
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

void remember_default_branch(const Services& services, const std::string& branch) {
  const auto file = memory_of_remote(services.repository, services.remote);
  if (trim(read_file_if_exists(file).value_or("")) == branch) return;
  create_private_directories(file.parent_path());
  write_file(file, branch + "\n");
}

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

/// How to name a branch where the definition, or the configuration, names another.
std::string how_to_choose(const Definition& definition, const std::string& branch) {
  if (definition.base_branch.empty()) return fmt::format("git config changeling.base {}", branch);
  return fmt::format("git changeling update {} --branch {}", definition.name, branch);
}

/// A branch that was on the remote once and is there no more has been deleted or renamed. One that has never
/// been there is the user's own.
void require_on_remote(const Services& services, const Definition& definition, const std::string& branch,
                       const git::RemoteReferences& answer) {
  if (answer.branch(branch)) return;
  if (!services.repository.resolve(tracking_reference(services.remote, branch))) return;
  const std::string now = answer.default_branch.value_or("");
  throw Error(ErrorKind::NotFound,
              fmt::format("the branch {} is not on {} any more, it was renamed or deleted; {}", branch,
                          services.remote,
                          now.empty() ? "which branch is the default one now it does not say"
                                      : fmt::format("the default branch there is {}", now)),
              fmt::format("choose a branch: {}; or put it back: git push {} {}",
                          how_to_choose(definition, now.empty() ? "NAME" : now), services.remote, branch));
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

std::string settled_base(const Services& services, const Observer& observer, const Definition& definition,
                         const std::optional<KnownBase>& known, const git::RemoteReferences& answer) {
  const bool chosen = known && known->source == KnownBase::Source::Chosen;
  if (!chosen && answer.default_branch) {
    if (known && known->source == KnownBase::Source::Remote && known->branch != *answer.default_branch) {
      say(observer, fmt::format("the default branch of {0} is {1} now, not {2}; working on {1} "
                                "(to stay: git config changeling.base {2})",
                                services.remote, *answer.default_branch, known->branch));
    }
    remember_default_branch(services, *answer.default_branch);
    return *answer.default_branch;
  }
  const std::string branch =
      known ? known->branch : base_branch(services.repository, services.remote, definition);
  require_on_remote(services, definition, branch, answer);
  if (known->source == KnownBase::Source::Guess && !answer.tips.empty()) {
    say(observer, fmt::format("{0} does not say which branch is its default one; working on {1} "
                              "(choose with: git config changeling.base NAME)",
                              services.remote, branch));
  }
  return branch;
}

}  // namespace changeling::run
