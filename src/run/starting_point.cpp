#include "run/starting_point.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/merge.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

constexpr auto fetch_limit = std::chrono::minutes(5);

std::string tracking_reference(const Services& services, const std::string& branch) {
  return fmt::format("refs/remotes/{}/{}", services.remote, branch);
}

void fetch_branch(const Services& services, const Observer& observer, const std::string& branch) {
  // '+' only concerns the remote-tracking reference, which holds nothing of ours.
  const std::string refspec = fmt::format("+refs/heads/{}:{}", branch, tracking_reference(services, branch));
  if (const auto problem = services.git.fetch(services.remote, {refspec}, fetch_limit)) {
    if (observer.on_message) {
      observer.on_message(fmt::format("could not fetch {} from {}, going on with what is here: {}", branch,
                                      services.remote, *problem));
    }
  }
}

/// The newest commit of the branch: with a forge elsewhere what is on the remote counts, with the local forge
/// also what was accepted here and not pushed yet.
std::optional<git::ObjectId> newest_commit(const Services& services, const std::string& branch) {
  const auto local = services.repository.resolve("refs/heads/" + branch);
  if (services.remote.empty()) return local;
  const auto remote = services.repository.resolve(tracking_reference(services, branch));
  if (!local || !remote) return remote ? remote : local;
  if (services.forge.needs_pushed_branch()) return remote;
  return services.repository.is_ancestor(*local, *remote) ? remote : local;
}

/// Whether all that the branch adds to its base comes from runs of ours, each of which went on where the one
/// before had ended. A commit that somebody pushed in between breaks the chain.
bool is_our_own_work(const Services& services, const git::ObjectId& head, const std::string& branch,
                     const std::vector<store::RunRecord>& earlier_runs) {
  std::string at = head.hex();
  // Newest first, so that each step leads to an older run.
  for (const store::RunRecord& run : earlier_runs) {
    if (run.branch != branch || run.head != at || run.start.empty()) continue;
    const auto start = services.repository.resolve_revision(run.start);
    const auto base = services.repository.resolve_revision(run.base_commit);
    if (!start || !base) return false;
    if (services.repository.is_ancestor(*start, *base)) return true;
    const auto parents = services.repository.commit(*start).parents;
    // Where the base has moved on, the run began with a merge of it.
    const bool merges_base = parents.size() == 2 && services.repository.is_ancestor(parents.back(), *base);
    at = merges_base ? parents.front().hex() : run.start;
  }
  return false;
}

void continue_pull_request(const Services& services, const Observer& observer, StartingPoint& start,
                           const std::vector<store::RunRecord>& earlier_runs) {
  const forge::PullRequest& pull = *start.continues;
  if (!services.remote.empty()) fetch_branch(services, observer, pull.branch);
  const auto head = newest_commit(services, pull.branch);
  if (!head) {
    throw Error(ErrorKind::NotFound,
                fmt::format("the branch {} of pull request {} is neither here nor on the remote", pull.branch,
                            pull.number),
                fmt::format("close it: git changeling review reject {}", pull.number));
  }
  const std::filesystem::path& common = services.repository.common_directory();
  const git::MergeResult merge = git::merge(services.git, common, *head, start.base_commit);
  switch (merge.kind) {
    case git::MergeResult::Kind::AlreadyMerged:
      start.commit = *head;
      return;
    case git::MergeResult::Kind::FastForward:
      start.commit = start.base_commit;
      return;
    case git::MergeResult::Kind::Merged:
      start.commit = git::write_commit(services.git, common, services.store.actor(), *merge.tree,
                                       {*head, start.base_commit},
                                       fmt::format("Merge {} into {}\n", start.base, pull.branch));
      return;
    case git::MergeResult::Kind::Conflicts:
      break;
  }
  if (!is_our_own_work(services, *head, pull.branch, earlier_runs)) {
    throw Error(
        ErrorKind::Refused,
        fmt::format("pull request {} conflicts with {} and holds commits that are not this changeling's",
                    pull.number, start.base),
        fmt::format("merge {} into {} yourself, or close it: git changeling review reject {}", start.base,
                    pull.branch, pull.number));
  }
  if (observer.on_message) {
    observer.on_message(
        fmt::format("pull request {} conflicts with {}; it is made anew", pull.number, start.base));
  }
  start.replaces = *head;
}

}  // namespace

std::string base_branch(const git::Repository& repository, const std::string& remote,
                        const Definition& definition) {
  if (!definition.base_branch.empty()) return definition.base_branch;
  if (const auto configured = repository.config("changeling.base")) return *configured;
  const std::string remote_prefix = fmt::format("refs/remotes/{}/", remote);
  if (!remote.empty()) {
    // The symbolic reference NAME/HEAD that clone sets.
    const auto target = repository.symbolic_target(remote_prefix + "HEAD");
    if (target && target->starts_with(remote_prefix)) return target->substr(remote_prefix.size());
  }
  for (const char* name : {"main", "master"}) {
    if (repository.resolve(std::string("refs/heads/") + name)) return name;
    if (!remote.empty() && repository.resolve(remote_prefix + name)) return name;
  }
  if (const auto current = repository.current_branch();
      current && repository.resolve("refs/heads/" + *current)) {
    return *current;
  }
  throw Error(ErrorKind::NotFound, "there is no branch to work on: this repository has no commit on a branch",
              "commit something first, or name a branch: git changeling update " + definition.name +
                  " --branch NAME");
}

StartingPoint find_starting_point(const Services& services, const Observer& observer,
                                  const Definition& definition,
                                  const std::vector<forge::PullRequest>& own_open,
                                  const std::vector<store::RunRecord>& earlier_runs) {
  const std::string base = base_branch(services.repository, services.remote, definition);
  if (!services.remote.empty()) fetch_branch(services, observer, base);
  const auto commit = newest_commit(services, base);
  if (!commit) {
    throw Error(
        ErrorKind::NotFound, fmt::format("there is no branch '{}'", base),
        fmt::format("create it, or choose another: git changeling update {} --branch NAME", definition.name));
  }
  StartingPoint start{base, *commit, *commit, std::nullopt, std::nullopt};
  if (definition.output == OutputKind::PullRequest && std::ssize(own_open) >= definition.max_open_prs &&
      !own_open.empty()) {
    start.continues = own_open.back();
    continue_pull_request(services, observer, start, earlier_runs);
  }
  return start;
}

}  // namespace changeling::run
