#include "view/turns.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

Json to_json(const run::TurnEntry& entry) {
  return {{"kind", to_string(entry.kind)},
          {"tool_use", entry.tool_use},
          {"name", entry.name},
          {"text", entry.text},
          {"inside", entry.inside},
          {"error", entry.is_error},
          {"cut", entry.is_cut},
          {"time", json_or_null(entry.time)}};
}

}  // namespace

Json to_json(const run::Turn& turn) {
  Json entries = Json::array();
  for (const run::TurnEntry& entry : turn.entries) entries.push_back(to_json(entry));
  return {{"id", turn.id}, {"entries", std::move(entries)}};
}

}  // namespace changeling::view
