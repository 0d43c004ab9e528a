#include "store/compaction.hpp"
#include "store/delivery_record.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

DeliveryRecord parse(const std::string& text, std::string_view path) {
  return delivery_from_json(parse_json(text, path), path);
}

void check(const std::string& text, std::string_view path) {
  parse(text, path);
}

/// What has come of it stays; of two machines that took it the published one has it.
std::string merge(const RecordVersions& versions, std::string_view path) {
  const DeliveryRecord mine = parse(*versions.ours, path);
  const DeliveryRecord theirs = parse(*versions.published, path);
  return theirs.outcome.empty() && !mine.outcome.empty() ? *versions.ours : *versions.published;
}

/// Nobody sends them again after so long; what they started is told by runs and tasks.
std::size_t forget_old(const Snapshot& snapshot, const CompactionOptions& options, Change& change) {
  std::size_t count = 0;
  for (const DeliveryRecord& delivery : read_deliveries(snapshot)) {
    if (delivery.claimed_at + delivery_memory > options.now) continue;
    change.remove(delivery_path(delivery.key));
    ++count;
  }
  return count;
}

}  // namespace

const RecordKind delivery_kind{
    .folder = "deliveries",
    .spread = Spread::Folders,
    .layout = "deliveries/ab/cd/KEY.json",
    .name = "a delivery",
    .sentence =
        "Who has taken a delivery of a webhook, and what came of it; `compact` forgets it after "
        "thirty days ([webhooks.md](webhooks.md))",
    .id_at = delivery_key_of,
    .check = check,
    .merge = merge,
    .archive = forget_old};

}  // namespace changeling::store
