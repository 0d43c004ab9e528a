#include <fmt/format.h>

#include "store/epoch.hpp"
#include "store/foreign_epoch.hpp"
#include "store/stale_lock.hpp"
#include "store/state_merge.hpp"
#include "store/store.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr int most_publications = 60;
constexpr int most_merges = 100;
constexpr auto lock_patience = std::chrono::milliseconds(2000);

/// How the published state relates to ours, and the commit that would bring them together.
struct Step {
  std::optional<git::ObjectId> commit;  ///< Nothing: there is nothing to do.
  std::vector<std::string> warnings;
};

}  // namespace

Operation to_be_published(Operation operation) {
  // Two clones that decide the same at the same second must not make the same commit: the second push would
  // be told "up to date", and both would believe that they were first.
  operation.trailers["Nonce"] = random_id(16);
  return operation;
}

void Store::update(const Decide& decide, const OnWritten& on_written, Publisher& publisher) {
  update(publisher.begin(), decide, on_written, publisher, {});
}

void Store::update(FileLock turn, const Decide& decide, const OnWritten& on_written, Publisher& publisher,
                   const Append& append) {
  const FileLock lock = std::move(turn);
  bool is_current = false;
  std::string subject;
  for (int attempt = 0; attempt < most_publications; ++attempt) {
    const Snapshot before = snapshot();
    if (!before.commit()) {
      throw Error(ErrorKind::NotFound,
                  fmt::format("this repository has no changelings yet ({} is missing)", reference_),
                  "start with: git changeling init");
    }
    std::optional<git::ObjectId> commit;
    try {
      Change change;
      Operation operation = decided(decide, before, change);
      subject = operation.subject;
      auto after = commit_operation(before, change, to_be_published(std::move(operation)));
      if (after && append) after = append(std::move(*after));
      if (after) commit = after->commit();
    } catch (const Error&) {
      if (is_current) throw;
    }
    if (!commit) {
      if (is_current) return;
      publisher.catch_up();
      is_current = true;
      continue;
    }
    if (publisher.publish(*commit) == Publisher::Publication::Outdated) {
      publisher.catch_up();
      is_current = true;
      continue;
    }
    const auto swapped = swap_unless_locked(repository_, reference_, before.commit(), *commit, subject);
    note_swapped();
    // Others have worked on in this clone meanwhile; what is published stays.
    if (swapped == git::SwapResult::Moved) integrate(*commit, before.commit(), "");
    if (on_written) on_written({*before.commit(), *commit});
    return;
  }
  throw Error(ErrorKind::Unavailable,
              fmt::format("'{}' was not published: others were always faster", subject), "try again");
}

void Store::begin_anew(const Decide& decide, Publisher* publisher) {
  std::optional<FileLock> turn;
  if (publisher != nullptr) turn = publisher->begin();
  for (int attempt = 0; attempt < most_merges; ++attempt) {
    if (publisher != nullptr) {
      // Everything of ours must be there before it is replaced.
      publisher->catch_up();
      if (publisher->publish(*snapshot().commit()) == Publisher::Publication::Outdated) continue;
    }
    const auto lock = FileLock::acquire(lock_file_, lock_patience);
    const Snapshot before = snapshot();
    Change change;
    const Operation operation = decided(decide, before, change);
    const git::ObjectId tree = write_tree(*before.tree(), change);
    const git::ObjectId commit = make_commit(tree, {}, commit_message(operation));
    if (publisher != nullptr &&
        publisher->replace(*before.commit(), commit) == Publisher::Publication::Outdated)
      continue;
    if (swap_unless_locked(repository_, reference_, before.commit(), commit, operation.subject) ==
        git::SwapResult::Swapped)
      return;
    if (publisher != nullptr) {
      integrate(commit, before.commit(), "");
      return;
    }
  }
  throw Error(ErrorKind::Conflict, fmt::format("{} kept changing; nothing was compacted", reference_),
              "try again");
}

Store::Integrated Store::integrate(const git::ObjectId& published, const std::optional<git::ObjectId>& known,
                                   const std::string& remote) {
  const Snapshot theirs(repository_, published);
  check_format(theirs);
  const auto next_step = [&](const std::optional<git::ObjectId>& tip) -> Step {
    if (!tip) return {published, {}};
    if (repository_.is_ancestor(published, *tip)) return {};
    if (repository_.is_ancestor(*tip, published)) return {published, {}};
    const Snapshot ours(repository_, tip);
    check_format(ours);
    const std::int64_t their_epoch = epoch_number(theirs);
    const bool new_epoch = their_epoch > epoch_number(ours);
    std::vector<std::string> warnings;
    // What this clone has compacted itself, told by no remote, is no surprise to it.
    if (new_epoch && !remote.empty()) {
      check_epoch(epoch_number(ours), their_epoch, repository_.config_integer("changeling.followEpoch"));
      warnings = leave_epoch(repository_, ours, theirs);
    }
    if (new_epoch && tip == known) return {published, std::move(warnings)};
    auto base = repository_.merge_base(*tip, published);
    if (new_epoch) base = known && repository_.is_ancestor(*known, *tip) ? known : std::nullopt;
    StateMerge merge = merge_states(repository_, base ? std::optional(tree_of(*base)) : std::nullopt,
                                    *ours.tree(), *theirs.tree());
    // In a new epoch our history stays behind, too; only what it came to goes on.
    std::vector<git::ObjectId> parents{*tip, published};
    if (new_epoch) parents = {published};
    const std::string subject =
        new_epoch ? "sync: carry operations over into the new epoch"
                  : fmt::format("sync: merge the state of {}", remote.empty() ? "this clone" : remote);
    warnings.insert(warnings.end(), merge.warnings.begin(), merge.warnings.end());
    return {make_commit(merge.tree, parents, commit_message({subject, "sync", {}})), std::move(warnings)};
  };
  for (int attempt = 0; attempt < most_merges; ++attempt) {
    const auto lock = FileLock::acquire(lock_file_, lock_patience);
    const auto tip = repository_.resolve(reference_);
    Step step = next_step(tip);
    if (!step.commit) return {};
    if (swap_unless_locked(repository_, reference_, tip, *step.commit, "sync") == git::SwapResult::Swapped)
      return {true, std::move(step.warnings)};
    if (lock && repository_.resolve(reference_) == tip)
      wait_out_reference_lock(repository_.common_directory() / (reference_ + ".lock"));
  }
  throw Error(ErrorKind::Conflict, fmt::format("{} kept changing; nothing was merged", reference_),
              "try again");
}

}  // namespace changeling::store
