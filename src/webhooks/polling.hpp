#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "project/project.hpp"

namespace changeling::webhooks {

// For machines that no forge can reach: the forge is asked for its events, and they become deliveries like
// those that it sends.

/// An event of a forge as its webhook would send it.
struct ForgeEvent {
  std::int64_t id = 0;
  std::string event;  ///< As the header says it: "issues".
  std::string body;   ///< JSON with the fields of a delivery.
};

/// Those of GitHub's list that came after `newest`, the oldest first. What webhooks do not know is left out
/// (https://docs.github.com/rest/using-the-rest-api/github-event-types).
std::vector<ForgeEvent> events_after(const nlohmann::json& list, std::int64_t newest);

/// What is remembered from one look to the next.
struct PollMemory {
  std::string etag;
  std::int64_t newest = 0;  ///< Id of the newest event that was seen; 0 before the first look.
  Timestamp not_before{};   ///< The forge wants to be left alone until then.
};

/// What a look has come to.
struct PollAnswer {
  PollMemory memory;
  std::vector<ForgeEvent> events;
};
/// Reads an answer: new events of 200, nothing for 304, and for whatever else only when to come back. The
/// first look gives no events: what was before is not news. Throws Error(External) for a 200 that is no list.
PollAnswer read_poll(const http::HttpResponse& response, PollMemory memory, Timestamp now);

/// Asks for each enabled and trusted webhook that polls, where it is time, and keeps what is new; work_off()
/// does the rest. What fails is only said, and tried again.
void poll_forges(project::Project& project);

}  // namespace changeling::webhooks
