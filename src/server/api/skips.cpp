// Starts of a changeling that did not come about: what the event log of this machine has of them.
#include <algorithm>
#include <deque>

#include "events/event_range.hpp"
#include "project/definitions.hpp"
#include "server/api/handlers.hpp"

namespace changeling::server::api {
namespace {

/// The log has no index: only its newest events are looked through.
constexpr std::int64_t most_events = 20000;
constexpr std::string_view skipped = "trigger:skipped";

/// Nothing for another event, and for those of other changelings.
std::optional<Json> skip_in(const std::string& line, const std::string& changeling) {
  if (line.find(skipped) == std::string::npos) return std::nullopt;
  const Json event = Json::parse(line, nullptr, false);
  if (!event.is_object() || json_string(event, "event") != skipped) return std::nullopt;
  if (json_string(event, "changeling") != changeling) return std::nullopt;
  return Json{{"seq", json_integer(event, "seq").value_or(0)},
              {"time", json_string(event, "time").value_or("")},
              {"trigger", json_string(event, "trigger").value_or("")},
              {"reason", json_string(event, "reason").value_or("")},
              {"scheduled_for", json_or_null(json_string(event, "scheduled_for"))}};
}

/// Newest first.
std::deque<Json> newest_skips(project::Project& project, const std::string& changeling, std::size_t most) {
  const auto log = project.places().local_folder() / "events.jsonl";
  const std::int64_t last = events::event_range(log, 0).last;
  std::deque<Json> skips;
  project.events().read(std::max<std::int64_t>(0, last - most_events),
                        [&](const std::string& line) {
                          if (auto skip = skip_in(line, changeling)) skips.push_front(std::move(*skip));
                          if (skips.size() > most) skips.pop_back();
                        },
                        {});
  return skips;
}

}  // namespace

namespace handlers {

Reply list_skips(Call& call) {
  call.project.require_state();
  const std::string& name = call.at("changeling");
  static_cast<void>(project::DefinitionSet::load(call.project).resolve(name));
  return {{{"skips", Json(newest_skips(call.project, name, call.limit()))}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
