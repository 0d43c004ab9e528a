#include "view/outbox.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const project::OutboxEntry& entry) {
  return {{"run", entry.proposal.run},
          {"changeling", entry.proposal.changeling},
          {"branch", entry.proposal.branch},
          {"since", format_timestamp(entry.created_at)},
          {"tries", entry.tries},
          {"next_try", format_timestamp(entry.next_try)},
          {"error", entry.error}};
}

Json to_json(const run::OutboxReport& outbox) {
  Json json{{"sent", outbox.sent},
            {"waiting", Json::array()},
            {"reasons", Json::object()},
            {"dropped", outbox.dropped},
            {"refused", outbox.refused}};
  for (const run::OutboxReport::Waiting& waiting : outbox.waiting) {
    json["waiting"].push_back(waiting.run);
    json["reasons"][waiting.run] = waiting.reason;
  }
  return json;
}

}  // namespace changeling::view
