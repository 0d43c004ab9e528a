#include "run/proven_work.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/approvals.hpp"
#include "project/branch_prefix.hpp"
#include "store/records.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

project::OwnHeads own_heads(const project::Services& services) {
  return {services.environment, project::repository_id(services.repository)};
}

/// What the run had before it: the commit that the run before left, or nothing where it began at its base.
/// Nothing is known (empty) when a commit is gone.
struct Earlier {
  bool known = false;
  std::string head;
};

Earlier before_run(const git::Repository& repository, const project::OwnHead& own) {
  const auto start = repository.resolve_revision(own.start);
  const auto base = repository.resolve_revision(own.base_commit);
  if (!start || !base) return {};
  if (repository.is_ancestor(*start, *base)) return {true, ""};
  const auto parents = repository.commit(*start).parents;
  // Where the base has moved on, the run began with a merge of it.
  const bool merges_base = parents.size() == 2 && repository.is_ancestor(parents.back(), *base);
  return {true, merges_base ? parents.front().hex() : own.start};
}

}  // namespace

void note_own_head(const project::Services& services, const project::OwnHead& head) {
  const auto lock = services.places.local_folder() / "repository-id.lock";
  project::OwnHeads(services.environment, project::ensure_repository_id(services.repository, lock))
      .note(head);
}

bool is_proven_work(const project::Services& services, const git::ObjectId& head) {
  auto heads = own_heads(services).all();
  // Newest first, so that each step leads to an older run.
  std::reverse(heads.begin(), heads.end());
  std::string at = head.hex();
  for (const project::OwnHead& own : heads) {
    if (own.head != at || own.start.empty()) continue;
    const Earlier earlier = before_run(services.repository, own);
    if (!earlier.known) return false;
    if (earlier.head.empty()) return true;
    at = earlier.head;
  }
  return false;
}

std::optional<std::string> why_unproven(const project::Services& services,
                                        const project::OutboxEntry& entry) {
  const forge::Proposal& proposal = entry.proposal;
  const std::string name = entry.is_report ? "a report" : without_controls(valid_utf8(proposal.branch));
  const auto run = store::read_run(services.store.snapshot(), proposal.run);
  if (!run || run->changeling != proposal.changeling)
    return fmt::format("{}: it is of no run that is known here; nothing of it is sent", name);
  if (entry.is_report) return std::nullopt;
  const auto own = own_heads(services).find(proposal.run, proposal.head);
  const BranchPrefix prefix = project::branch_prefix(services.repository);
  const bool is_its_branch =
      own && (proposal.branch == own->branch || proposal.branch == prefix.branch(run->changeling, run->id));
  if (!is_its_branch || own->base_commit != proposal.base_commit)
    return fmt::format("{}: it is not what run {} had checked here; nothing of it is sent", name, run->id);
  if (!entry.replaces.empty() && !is_proven_work(services, git::ObjectId::from_hex(entry.replaces)))
    return fmt::format("{}: it would replace what is not proven to be this clone's own", name);
  return std::nullopt;
}

}  // namespace changeling::run
