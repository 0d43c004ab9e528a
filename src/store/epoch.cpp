#include "store/epoch.hpp"

#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr const char* path = "epoch";

}  // namespace

Epoch read_epoch(const Snapshot& snapshot) {
  Epoch epoch;
  const auto text = snapshot.read(path);
  if (!text) return epoch;
  const Json record = parse_json(*text, path);
  epoch.number = json_integer(record, "number").value_or(0);
  if (epoch.number < 0) throw Error(ErrorKind::Invalid, "epoch: the number is below zero");
  epoch.previous_tip = json_string(record, "previous_tip").value_or("");
  epoch.archive = json_string(record, "archive").value_or("");
  return epoch;
}

void write_epoch(Change& change, const Epoch& epoch) {
  const Json record = {
      {"number", epoch.number}, {"previous_tip", epoch.previous_tip}, {"archive", epoch.archive}};
  change.write(path, record.dump(1) + "\n");
}

}  // namespace changeling::store
