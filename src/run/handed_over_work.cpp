#include "run/handed_over_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "project/branch_prefix.hpp"
#include "project/own_branches.hpp"
#include "run/base.hpp"
#include "run/branch_remote.hpp"
#include "run/equipment_files.hpp"
#include "run/private_files.hpp"
#include "run/protected_change.hpp"
#include "run/secret_check.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorKind::Refused, why);
}

/// The work in the repository, while nobody has said yet that it may stay.
class TakenWork {
 public:
  TakenWork(git::Repository& repository, const ReceivedHandOver& received, const std::string& run_id)
      : repository_(repository), reference_("refs/changelings/received/" + run_id), head_(*received.work()) {
    received.take_work(reference_);
  }
  TakenWork(const TakenWork&) = delete;
  TakenWork& operator=(const TakenWork&) = delete;
  ~TakenWork() {
    try {
      repository_.remove_reference(reference_, head_);
    } catch (const Error&) {
      return;  // The next one replaces it.
    }
  }
  const git::ObjectId& head() const { return head_; }

 private:
  git::Repository& repository_;
  std::string reference_;
  git::ObjectId head_;
};

/// A commit that a foreign text names, if it is here.
std::optional<git::ObjectId> known_commit(const git::Repository& repository, const std::string& hex) {
  try {
    const git::ObjectId id = git::ObjectId::from_hex(hex);
    return repository.resolve_revision(id.hex());
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The open request that the work says it goes on with, or nothing for a new one, if there is room for it.
std::optional<forge::PullRequest> request_for(const std::string& told_branch, const std::string& run_branch,
                                              const Definition& definition, const RequestHistory& history) {
  if (told_branch != run_branch) {
    for (const forge::PullRequest& pull : history.own_open)
      if (pull.branch == told_branch) return pull;
  }
  // One that an earlier try has opened counts for nothing.
  const auto others = std::count_if(history.own_open.begin(), history.own_open.end(),
                                    [&](const auto& pull) { return pull.branch != run_branch; });
  if (others >= definition.max_open_prs) {
    refuse(fmt::format("{} has {} open pull request{} by now, as many as it may", definition.name, others,
                       others == 1 ? "" : "s"));
  }
  return std::nullopt;
}

/// Where the work leaves the base branch; what the file says of it must be true besides.
git::ObjectId base_of_work(const git::Repository& repository, const Base& base, const git::ObjectId& head,
                           const std::string& told) {
  const auto told_base = known_commit(repository, told);
  if (!told_base || !repository.is_ancestor(*told_base, base.commit)) {
    refuse(fmt::format("it was made from the commit '{}', which is not on {}", shortened(told, 12),
                       base.branch));
  }
  if (!repository.is_ancestor(*told_base, head))
    refuse(fmt::format("it does not go on from {}, which it was made from", told_base->short_hex()));
  return *repository.merge_base(head, base.commit);
}

/// What the work brings in: of what differs from its base, that which the request does not have already.
/// Where it merges a newer base into the request, both are known here, and what is equal to one is no news.
std::vector<git::FileChange> own_changes(const git::Repository& repository, const StartingPoint& start,
                                         const git::ObjectId& head) {
  auto changes = repository.changes(start.base_commit, head);
  if (!start.continues) return changes;
  std::set<std::string> news;
  for (const git::FileChange& change : repository.changes(start.commit, head)) {
    news.insert(change.path);
    news.insert(change.old_path);
  }
  std::erase_if(changes, [&](const git::FileChange& change) {
    return !news.contains(change.path) && !news.contains(change.old_path);
  });
  return changes;
}

void check_content(const project::Services& services, const Definition& definition, const AgentType& agent,
                   const StartingPoint& start, const git::ObjectId& head, const Redactor& redactor) {
  const auto changes = own_changes(services.repository, start, head);
  const auto files = private_files([&](const auto& arguments) { return services.git.check(arguments); },
                                   fmt::format("{}..{}", start.base_commit.hex(), head.hex()),
                                   private_paths(definition, agent));
  if (!files.empty()) refuse(fmt::format("committed {}, which is no work", files.front()));
  if (const auto problem = protected_change(changes, definition.paths)) refuse(*problem);
  if (const auto problem = change_outside(changes, definition.paths)) refuse(*problem);
  if (const auto secret = secret_in_work(services, start, head, redactor)) refuse(*secret);
}

StartingPoint start_of(const project::Services& services, const Observer& observer, const Base& base,
                       const git::ObjectId& base_commit, const git::ObjectId& head,
                       std::optional<forge::PullRequest> continues) {
  StartingPoint start{base.branch, base_commit, base_commit, std::move(continues), std::nullopt};
  if (!start.continues) return start;
  const forge::PullRequest& pull = *start.continues;
  project::require_own_branch(services.repository, pull.branch, base.branch);
  if (!services.remote.empty()) fetch_branch(services, observer, branch_remote(services), pull.branch);
  const auto newest = newest_commit(services, pull.branch);
  if (!newest || !services.repository.is_ancestor(*newest, head))
    refuse(fmt::format("it does not go on from where pull request {} is now", pull.number));
  start.commit = *newest;
  return start;
}

void keep_on_branch(git::Repository& repository, const std::string& branch, const git::ObjectId& head) {
  const std::string reference = "refs/heads/" + branch;
  const auto at = repository.resolve(reference);
  if (at == head) return;
  if (at) refuse(fmt::format("there is another {} here", branch));
  if (repository.compare_and_swap(reference, at, head, "changeling: take over") != git::SwapResult::Swapped)
    throw Error(ErrorKind::Conflict, fmt::format("{} moved while the work was put on it", branch));
}

}  // namespace

AcceptedWork accept_work(const project::Services& services, const Observer& observer,
                         const Definition& definition, const AgentType& agent, const std::string& run_id,
                         const ReceivedHandOver& received, const RequestHistory& history,
                         const Redactor& redactor) {
  const store::RunRecord& told = received.told().record;
  git::Repository& repository = services.repository;
  const std::string run_branch = project::branch_prefix(repository).branch(definition.name, run_id);
  const Base base = find_base(services, observer, definition, run_branch);
  project::require_own_branch(repository, told.branch, base.branch);
  if (!received.work()) refuse("it says that there is work, and has none");
  auto continues = request_for(told.branch, run_branch, definition, history);
  const TakenWork taken(repository, received, run_id);
  const git::ObjectId base_commit = base_of_work(repository, base, taken.head(), told.base_commit);
  StartingPoint start = start_of(services, observer, base, base_commit, taken.head(), std::move(continues));
  check_content(services, definition, agent, start, taken.head(), redactor);
  received.take_objects(services, base_commit, taken.head());
  if (const auto secret = secret_in_lfs_objects(services, base_commit, taken.head(), redactor))
    refuse(*secret);
  keep_on_branch(repository, run_branch, taken.head());
  std::string patch_id = repository.patch_id(base_commit, taken.head()).value_or("");
  return {std::move(start), taken.head(), run_branch, std::move(patch_id)};
}

}  // namespace changeling::run
