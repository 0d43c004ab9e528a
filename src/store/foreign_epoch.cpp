#include "store/foreign_epoch.hpp"

#include <fmt/format.h>

#include <map>

#include "store/damaged.hpp"
#include "store/epoch.hpp"
#include "store/record_kinds.hpp"
#include "store/stale_lock.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr std::size_t most_named = 10;

/// What compaction moves away is still there, a line each.
bool is_archived(const std::vector<std::string>& archives, const std::string& id) {
  for (const std::string& text : archives)
    if (text.find(fmt::format("\"{}\"", id)) != std::string::npos) return true;
  return false;
}

std::vector<std::string> archives_of(const Snapshot& snapshot) {
  std::vector<std::string> texts;
  for (const RecordKind* kind : record_kinds()) {
    if (!kind->folder.starts_with("archive")) continue;
    for (const std::string& path : snapshot.files_below(std::string(kind->folder)))
      texts.push_back(snapshot.read(path).value_or(""));
  }
  return texts;
}

/// Paths of our records that the published state does without.
std::vector<std::string> missing_records(const git::Repository& repository, const Snapshot& ours,
                                         const Snapshot& published) {
  std::vector<std::string> missing;
  const auto archives = archives_of(published);
  for (const RecordKind* kind : record_kinds()) {
    if (kind->id_at == nullptr) continue;
    repository.compare_trees(published.tree(), ours.tree(), std::string(kind->folder),
                             [&](const git::BlobChange& change) {
                               const auto id = kind->id_at(change.path);
                               if (!id || change.before || !change.after || is_archived(archives, *id))
                                 return;
                               missing.push_back(change.path);
                             });
  }
  return missing;
}

/// Where the tip is kept: another history of the same epoch may have been kept before.
std::string keep(git::Repository& repository, std::int64_t number, const git::ObjectId& tip) {
  std::string reference = kept_epoch_reference(number);
  const auto there = repository.resolve(reference);
  if (there && *there != tip) reference += "-" + tip.short_hex();
  const auto at = repository.resolve(reference);
  if (at != tip) swap_unless_locked(repository, reference, at, tip, "changeling: keep an epoch");
  if (repository.resolve(reference) == tip) return reference;
  throw Error(ErrorKind::Unavailable,
              fmt::format("a new epoch is not followed: the end of epoch {} could not be kept at {}", number,
                          reference));
}

}  // namespace

std::int64_t epoch_number(const Snapshot& snapshot) {
  std::int64_t number = 0;
  read_or_note("epoch", nullptr, [&] { number = read_epoch(snapshot).number; });
  return number;
}

std::string kept_epoch_reference(std::int64_t number) {
  return fmt::format("refs/changelings/kept/epoch-{}", number);
}

void check_epoch(std::int64_t ours, std::int64_t published, std::optional<std::int64_t> accepted) {
  if (published <= ours + 1 || accepted == published) return;
  throw Error(
      ErrorKind::Unavailable,
      fmt::format("the published state says that it is in epoch {}, and this clone is in {}; more than "
                  "one at once is not followed unasked, because everything here would be replaced",
                  published, ours),
      fmt::format(
          "find out who did it; to follow it all the same: git -c changeling.followEpoch={} changeling sync",
          published));
}

std::vector<std::string> leave_epoch(git::Repository& repository, const Snapshot& ours,
                                     const Snapshot& published) {
  const std::string reference = keep(repository, epoch_number(ours), *ours.commit());
  auto missing = missing_records(repository, ours, published);
  if (missing.empty()) return {};
  const std::size_t count = missing.size();
  if (count > most_named) missing.resize(most_named);
  for (std::string& path : missing) path = without_controls(valid_utf8(path));
  return {fmt::format(
      "the published state begins epoch {} anew WITHOUT {} record{} that this clone had: {}{}; all that was "
      "here is kept at {}, to look at: git log {}",
      epoch_number(published), count, count == 1 ? "" : "s", join(missing, ", "),
      count > most_named ? ", …" : "", reference, reference)};
}

}  // namespace changeling::store
