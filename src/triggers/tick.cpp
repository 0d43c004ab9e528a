#include "triggers/tick.hpp"

#include <algorithm>

#include "project/hook_subscriptions.hpp"
#include "project/notices.hpp"
#include "project/registered_repositories.hpp"
#include "project/sharing.hpp"
#include "run/outbox_delivery.hpp"
#include "run/start.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "triggers/quiet_time.hpp"
#include "triggers/tick_files.hpp"
#include "webhooks/polling.hpp"
#include "webhooks/work_off.hpp"

namespace changeling::triggers {
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
  bool note(const std::string& changeling, Timestamp scheduled_for) {
    const std::string time = format_timestamp(scheduled_for);
    Json& noted = times_[changeling];
    if (noted == time) return false;
    noted = time;
    write_file(file_, times_.dump() + "\n");
    return true;
  }

 private:
  std::filesystem::path file_;
  Json times_ = Json::object();
};

bool is_due(const triggers::DueChangeling& due) {
  return due.decision.verdict == Verdict::Due;
}

void announce_skipped(project::Project& project, const std::string& changeling, Timestamp scheduled_for,
                      const std::string& reason) {
  project.announce("trigger:skipped", Json{{"changeling", changeling},
                                           {"trigger", run::schedule_trigger},
                                           {"scheduled_for", format_timestamp(scheduled_for)},
                                           {"reason", reason}});
}

/// The time that passed while nobody looked, and that nobody makes up for: the machine slept, or had no
/// timer. Who looked then has judged it.
std::optional<Timestamp> missed_time(const DueChangeling& due, std::optional<Timestamp> looked_before) {
  const auto& time = due.decision.passed_over;
  return time && looked_before && *looked_before < *time ? time : std::nullopt;
}

void announce_what_did_not_start(project::Project& project, std::vector<TickEntry>& entries) {
  const auto looked_before = last_tick(project.environment());
  std::optional<Announcements> announced;
  for (TickEntry& entry : entries) {
    const Decision& decision = entry.due.decision;
    const bool is_held_back = decision.verdict == Verdict::HeldBack;
    const auto time = is_held_back ? decision.scheduled_for : missed_time(entry.due, looked_before);
    if (!time) continue;
    if (!announced) announced.emplace(project.places().local_folder() / "held-back.json");
    const std::string& changeling = entry.due.definition.name;
    if (!announced->note(changeling, *time)) continue;
    entry.newly_held_back = is_held_back;
    entry.missed = is_held_back ? std::nullopt : time;
    announce_skipped(
        project, changeling, *time,
        is_held_back ? decision.reason : "nobody looked at schedules then, and " + decision.reason);
  }
}

void start(project::Project& project, TickEntry& entry) {
  run::RunOrder order;
  order.changeling = entry.due.definition.name;
  order.trigger = run::schedule_trigger;
  order.scheduled_for = entry.due.decision.scheduled_for;
  try {
    const auto result = run::start(project, order);
    if (const auto* started = std::get_if<run::Started>(&result)) {
      entry.run = started->run;
    } else if (const auto* skipped = std::get_if<run::Skipped>(&result)) {
      entry.skipped = skipped->reason;
    } else {
      entry.skipped = project::not_trusted(std::get<run::NotTrusted>(result).standing).what();
    }
  } catch (const Error& error) {
    entry.skipped = error.what();
  }
}

std::vector<TickEntry> entries_of(std::vector<triggers::DueChangeling> judged) {
  std::vector<TickEntry> entries;
  for (triggers::DueChangeling& due : judged)
    entries.push_back({std::move(due), "", "", false, std::nullopt});
  return entries;
}

}  // namespace

RepositoryTick tick_repository(project::Project& project, Timestamp now, TickMode mode) {
  RepositoryTick tick;
  tick.repository = project.repository().common_directory().string();
  tick.name = project.repository().display_name();
  if (!project.store().exists()) return tick;
  if (mode == TickMode::Decide) {
    tick.entries = entries_of(triggers::judge_schedules(project, now));
    return tick;
  }
  run::send_outbox(project, run::Due::OnlyDue);
  webhooks::poll_forges(project);
  // Of webhooks: what waited for a forge, or was left by a process that was killed.
  webhooks::work_off(project, [&](std::string_view line) { project.message(line); });
  project::send_due_notices(project);
  const triggers::QuietTime quiet(project);
  if (quiet.covers(now)) return tick;
  // What came by a fetch may subscribe to hooks.
  project::refresh_hook_subscriptions(project);
  auto judged = triggers::judge_schedules(project, now);
  quiet.remember(judged, now);
  if (std::any_of(judged.begin(), judged.end(), is_due)) {
    // Another machine may have been faster, or everything may be switched off by now.
    project::share_quietly(project);
    judged = triggers::judge_schedules(project, now);
  }
  tick.entries = entries_of(std::move(judged));
  for (TickEntry& entry : tick.entries) {
    if (is_due(entry.due)) start(project, entry);
  }
  announce_what_did_not_start(project, tick.entries);
  project.finish_alerts();
  return tick;
}

RepositoryTick tick_elsewhere(const project::Project& project, const std::string& git_folder, Timestamp now,
                              TickMode mode) {
  try {
    project::Project there(project::opening_of(project, git_folder));
    return tick_repository(there, now, mode);
  } catch (const Error& error) {
    return {git_folder, git_folder, {}, error.what()};
  } catch (const std::exception& error) {
    // Whatever one repository holds, the others have their schedules.
    return {git_folder, git_folder, {}, error.what()};
  }
}

}  // namespace changeling::triggers
