#include "store/compaction.hpp"

#include <fmt/format.h>

namespace changeling::store {
namespace {

Compaction plan_from(const git::Repository& repository, const Snapshot& snapshot,
                     const CompactionOptions& options, Change& change) {
  Compaction compaction;
  compaction.epoch.number = read_epoch(snapshot).number + 1;
  compaction.epoch.previous_tip = snapshot.commit()->hex();
  compaction.operations = repository.history(*snapshot.commit(), 0).size();
  for (const RecordKind* kind : record_kinds()) {
    if (kind->archive != nullptr) compaction.archived[kind] = kind->archive(snapshot, options, change);
  }
  if (options.keep_history)
    compaction.epoch.archive = fmt::format("refs/changelings/archive/{}", compaction.epoch.number);
  return compaction;
}

}  // namespace

Compaction plan_compaction(const git::Repository& repository, const Store& store,
                           const CompactionOptions& options) {
  const Snapshot snapshot = store.snapshot();
  Change unused;
  return plan_from(repository, snapshot, options, unused);
}

Compaction compact(git::Repository& repository, Store& store, const CompactionOptions& options,
                   Publisher* publisher) {
  Compaction compaction;
  const auto decide = [&](const Snapshot& snapshot, Change& change) {
    compaction = plan_from(repository, snapshot, options, change);
    write_epoch(change, compaction.epoch);
    return Operation{fmt::format("compact: begin epoch {}", compaction.epoch.number), "compact", {}};
  };
  store.begin_anew(decide, publisher);
  if (options.keep_history) {
    repository.compare_and_swap(compaction.epoch.archive, std::nullopt,
                                git::ObjectId::from_hex(compaction.epoch.previous_tip), "compact");
  }
  return compaction;
}

std::size_t archived(const Compaction& compaction, const RecordKind& kind) {
  const auto found = compaction.archived.find(&kind);
  return found == compaction.archived.end() ? 0 : found->second;
}

}  // namespace changeling::store
