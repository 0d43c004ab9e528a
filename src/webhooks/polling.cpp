#include "webhooks/polling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "http/retry.hpp"
#include "store/delivery_record.hpp"
#include "store/webhook_record.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "webhooks/reception.hpp"
#include "webhooks/source_forge.hpp"
#include "webhooks/sources.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::webhooks {
namespace {

/// What GitHub asks for where it names no other interval.
constexpr auto usual_interval = std::chrono::seconds(60);
/// After a failure that says nothing of when.
constexpr auto pause_after_failure = std::chrono::minutes(5);

struct EventName {
  std::string_view listed;
  std::string_view sent;
};
constexpr std::array event_names{
    EventName{"IssuesEvent", "issues"},
    EventName{"IssueCommentEvent", "issue_comment"},
    EventName{"PullRequestEvent", "pull_request"},
    EventName{"PullRequestReviewEvent", "pull_request_review"},
    EventName{"PullRequestReviewCommentEvent", "pull_request_review_comment"},
    EventName{"CommitCommentEvent", "commit_comment"},
    EventName{"PushEvent", "push"},
    EventName{"ReleaseEvent", "release"},
    EventName{"CreateEvent", "create"},
    EventName{"DeleteEvent", "delete"},
    EventName{"ForkEvent", "fork"},
};

std::int64_t number_in(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string sent_name(const std::string& listed) {
  const auto found = std::find_if(event_names.begin(), event_names.end(),
                                  [&](const EventName& name) { return name.listed == listed; });
  return found == event_names.end() ? "" : std::string(found->sent);
}

ForgeEvent event_from(const Json& entry) {
  ForgeEvent event{number_in(text_at(entry, "/id").value_or("")),
                   sent_name(text_at(entry, "/type").value_or("")), ""};
  const auto payload = entry.find("payload");
  if (payload == entry.end() || !payload->is_object()) return {};
  Json body = *payload;
  body["repository"] = {{"full_name", text_at(entry, "/repo/name").value_or("")}};
  const auto actor = entry.find("actor");
  if (actor != entry.end() && actor->is_object()) body["sender"] = *actor;
  event.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return event;
}

std::int64_t newest_in(const Json& list, std::int64_t newest) {
  for (const Json& entry : list) newest = std::max(newest, number_in(text_at(entry, "/id").value_or("")));
  return newest;
}

std::string header(const http::HttpResponse& response, const char* name) {
  const auto found = response.headers.find(name);
  return found == response.headers.end() ? "" : found->second;
}

Duration interval_of(const http::HttpResponse& response) {
  const std::int64_t seconds = number_in(header(response, "x-poll-interval"));
  constexpr std::int64_t longest = 24 * 3600;
  return std::max<Duration>(usual_interval, std::chrono::seconds(std::min(seconds, longest)));
}

class Memory {
 public:
  explicit Memory(std::filesystem::path file) : file_(std::move(file)) {}

  PollMemory read() const {
    try {
      const auto text = read_file_if_exists(file_);
      if (!text) return {};
      const Json json = parse_json(*text, file_.string());
      return {json_string(json, "etag").value_or(""), json_integer(json, "newest").value_or(0),
              json_timestamp(json, "not_before").value_or(Timestamp{})};
    } catch (const Error&) {
      // As if it were the first look: what was before is not news.
      return {};
    }
  }
  void write(const PollMemory& memory) const {
    write_file(file_, Json{{"etag", memory.etag},
                           {"newest", memory.newest},
                           {"not_before", format_timestamp(memory.not_before)}}
                              .dump() +
                          "\n");
  }

 private:
  std::filesystem::path file_;
};

void keep(project::Project& project, const store::WebhookRecord& webhook, const ForgeEvent& event) {
  const SourceRow& source = find_source(webhook.source);
  KeptDelivery delivery;
  delivery.webhook = webhook.name;
  delivery.source = webhook.source;
  delivery.polled = true;
  delivery.delivery = fmt::format("event-{}", event.id);
  delivery.headers = {{std::string(source.event), event.event}};
  delivery.event = event_of(source, delivery.headers, parse_json(event.body, "an event"));
  delivery.key = store::delivery_key(delivery.webhook, delivery.source, delivery.delivery);
  delivery.received_at = project.clock().now();
  if (kept_deliveries(project).keep(delivery, event.body) == KeptDeliveries::Kept::Full)
    throw Error(ErrorKind::Unavailable, "too many deliveries wait already");
}

bool is_to_be_polled(project::Project& project, const store::WebhookRecord& webhook) {
  return webhook.poll && webhook.enabled && is_trusted(project, webhook);
}

/// What is new is kept before it is remembered as seen: a crash in between is told by the deliveries' ids.
void poll_one(project::Project& project, const store::WebhookRecord& webhook, const Memory& file,
              const std::optional<SourceForge>& forge) {
  const PollMemory before = file.read();
  const Timestamp now = project.clock().now();
  if (before.not_before > now) return;
  if (!forge)
    throw Error(ErrorKind::Refused, "the repository's forge is local",
                "set changeling.forge, or let the source send its deliveries");
  const PollAnswer answer = read_poll(forge->news(before.etag), before, now);
  for (const ForgeEvent& event : answer.events) keep(project, webhook, event);
  file.write(answer.memory);
}

}  // namespace

std::vector<ForgeEvent> events_after(const Json& list, std::int64_t newest) {
  std::vector<ForgeEvent> events;
  for (const Json& entry : list) {
    if (!entry.is_object()) continue;
    ForgeEvent event = event_from(entry);
    if (event.id > newest && !event.event.empty()) events.push_back(std::move(event));
  }
  std::sort(events.begin(), events.end(),
            [](const ForgeEvent& one, const ForgeEvent& other) { return one.id < other.id; });
  return events;
}

PollAnswer read_poll(const http::HttpResponse& response, PollMemory memory, Timestamp now) {
  constexpr int fine = 200;
  constexpr int unchanged = 304;
  PollAnswer answer{std::move(memory), {}};
  if (response.status != fine && response.status != unchanged) {
    const auto wait = http::requested_wait(response, now);
    answer.memory.not_before = now + wait.value_or(pause_after_failure);
    return answer;
  }
  answer.memory.not_before = now + interval_of(response);
  if (response.status == unchanged) return answer;
  const Json list = parse_json(response.body, "the forge's list of events");
  if (!list.is_array()) throw Error(ErrorKind::External, "the forge's list of events is none");
  if (answer.memory.newest > 0) answer.events = events_after(list, answer.memory.newest);
  answer.memory.newest = std::max<std::int64_t>(newest_in(list, answer.memory.newest), 1);
  answer.memory.etag = header(response, "etag");
  return answer;
}

void poll_forges(project::Project& project) {
  std::optional<std::optional<SourceForge>> forge;
  for (const auto& [name, webhook] : store::read_webhooks(project.snapshot())) {
    if (!is_to_be_polled(project, webhook)) continue;
    const Memory file(project.places().local_folder() / "deliveries" / "polls" / (name + ".json"));
    try {
      if (!forge) forge = open_source_forge(project);
      poll_one(project, webhook, file, *forge);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted) throw;
      project.message(
          fmt::format("warning: the webhook {} could not ask for events: {}", name, with_hint(error)));
    }
  }
}

}  // namespace changeling::webhooks
