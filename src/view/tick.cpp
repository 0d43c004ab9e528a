#include "view/tick.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

using Verdict = triggers::Decision::Verdict;

Json entry_to_json(const triggers::RepositoryTick& tick, const triggers::TickEntry& entry) {
  Json json{{"repository", tick.repository},
            {"changeling", entry.due.definition.name},
            {"scheduled_for", json_or_null(entry.due.decision.scheduled_for)},
            {"reason", entry.due.decision.reason}};
  if (!entry.run.empty()) json["run"] = entry.run;
  if (!entry.skipped.empty()) json["skipped"] = entry.skipped;
  return json;
}

}  // namespace

Json to_json(const std::vector<triggers::RepositoryTick>& ticks, Timestamp now) {
  Json json{{"now", format_timestamp(now)},
            {"due", Json::array()},
            {"held_back", Json::array()},
            {"waiting", Json::array()},
            {"problems", Json::array()}};
  for (const triggers::RepositoryTick& tick : ticks) {
    if (!tick.problem.empty())
      json["problems"].push_back({{"repository", tick.repository}, {"problem", tick.problem}});
    for (const triggers::TickEntry& entry : tick.entries) {
      switch (entry.due.decision.verdict) {
        case Verdict::Due:
          json["due"].push_back(entry_to_json(tick, entry));
          break;
        case Verdict::HeldBack:
          json["held_back"].push_back(entry_to_json(tick, entry));
          break;
        case Verdict::Waiting:
          json["waiting"].push_back({{"repository", tick.repository},
                                     {"changeling", entry.due.definition.name},
                                     {"next_run", json_or_null(entry.due.decision.next)},
                                     {"reason", entry.due.decision.reason}});
          break;
      }
    }
  }
  return json;
}

}  // namespace changeling::view
