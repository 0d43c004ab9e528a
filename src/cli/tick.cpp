#include "cli/tick.hpp"

#include <algorithm>

#include "cli/hook_setup.hpp"
#include "cli/quiet_time.hpp"
#include "cli/run_once.hpp"
#include "cli/sharing.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::cli {
namespace {

using Verdict = triggers::Decision::Verdict;

/// Which held-back times have been announced: {changeling: time}. Losing it announces one again.
class Announcements {
 public:
  explicit Announcements(std::filesystem::path file) : file_(std::move(file)) {
    try {
      if (const auto text = read_file_if_exists(file_)) times_ = parse_json(*text, file_.string());
    } catch (const Error&) {
      times_ = Json::object();
    }
    if (!times_.is_object()) times_ = Json::object();
  }

  /// Whether this is the first time that it is asked.
  bool note(const DueChangeling& due) {
    const std::string time = format_timestamp(*due.decision.scheduled_for);
    Json& noted = times_[due.definition.name];
    if (noted == time) return false;
    noted = time;
    write_file(file_, times_.dump() + "\n");
    return true;
  }

 private:
  std::filesystem::path file_;
  Json times_ = Json::object();
};

bool is_due(const DueChangeling& due) {
  return due.decision.verdict == Verdict::Due;
}

void announce_held_back(Context& context, std::vector<TickEntry>& entries) {
  std::optional<Announcements> announced;
  for (TickEntry& entry : entries) {
    if (entry.due.decision.verdict != Verdict::HeldBack) continue;
    if (!announced) announced.emplace(context.places().local_folder() / "held-back.json");
    entry.newly_held_back = announced->note(entry.due);
    if (!entry.newly_held_back) continue;
    context.announce("trigger:skipped",
                     Json{{"changeling", entry.due.definition.name},
                          {"trigger", run::schedule_trigger},
                          {"scheduled_for", format_timestamp(*entry.due.decision.scheduled_for)},
                          {"reason", entry.due.decision.reason}});
  }
}

void start(Context& context, TickEntry& entry) {
  RunOrder order;
  order.changeling = entry.due.definition.name;
  order.trigger = run::schedule_trigger;
  order.scheduled_for = entry.due.decision.scheduled_for;
  order.detach = true;
  try {
    const Answer answer = run_changeling(context, order);
    if (const auto skipped = json_string(answer.json, "skipped")) {
      entry.skipped = *skipped;
    } else {
      entry.run = json_string(answer.json, "id").value_or("");
    }
  } catch (const Error& error) {
    entry.skipped = error.what();
  }
}

std::vector<TickEntry> entries_of(std::vector<DueChangeling> judged) {
  std::vector<TickEntry> entries;
  for (DueChangeling& due : judged) entries.push_back({std::move(due), "", "", false});
  return entries;
}

}  // namespace

RepositoryTick tick_repository(Context& context, Timestamp now, TickMode mode) {
  RepositoryTick tick;
  tick.repository = context.repository().common_directory().string();
  tick.name = context.repository().display_name();
  if (!context.store().exists()) return tick;
  if (mode == TickMode::Decide) {
    tick.entries = entries_of(judge_schedules(context, now));
    return tick;
  }
  send_outbox(context, run::Due::OnlyDue);
  const QuietTime quiet(context);
  if (quiet.covers(now)) return tick;
  // What came by a fetch may subscribe to hooks.
  refresh_hook_subscriptions(context);
  auto judged = judge_schedules(context, now);
  quiet.remember(judged, now);
  if (std::any_of(judged.begin(), judged.end(), is_due)) {
    // Another machine may have been faster, or everything may be switched off by now.
    share_quietly(context);
    judged = judge_schedules(context, now);
  }
  tick.entries = entries_of(std::move(judged));
  for (TickEntry& entry : tick.entries) {
    if (is_due(entry.due)) start(context, entry);
  }
  announce_held_back(context, tick.entries);
  context.finish_alerts();
  return tick;
}

}  // namespace changeling::cli
