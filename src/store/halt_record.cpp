#include "store/halt_record.hpp"

#include "support/json.hpp"

#include "support/error.hpp"

namespace changeling::store {
std::optional<HaltRecord> read_halt(const Snapshot& snapshot) {
  const auto text = snapshot.read(std::string(halt_path));
  if (!text) return std::nullopt;
  HaltRecord halt;
  try {
    const Json object = parse_json(*text, halt_path);
    halt.since = json_timestamp(object, "since").value_or(Timestamp{});
    halt.by = json_string(object, "by").value_or("");
    halt.reason = json_string(object, "reason").value_or("");
  } catch (const Error&) {
    return HaltRecord{};
  }
  return halt;
}

void write_halt(Change& change, const HaltRecord& halt) {
  const Json object{{"since", format_timestamp(halt.since)}, {"by", halt.by}, {"reason", halt.reason}};
  change.write(std::string(halt_path), object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void remove_halt(Change& change) {
  change.remove(std::string(halt_path));
}

}  // namespace changeling::store
