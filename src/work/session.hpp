#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/run_record.hpp"
#include "support/clock.hpp"
#include "support/files.hpp"

namespace changeling::work {

enum class SessionStatus {
  Idle,       ///< Nothing is ready; it waits.
  Ready,      ///< About to look for a task.
  Working,    ///< On a task.
  Blocked,    ///< Its source cannot be asked now, or what its tasks need is missing; it waits.
  Completed,  ///< Ended of its own accord.
  Failed,     ///< Ended by an error, or killed.
};
std::string_view to_string(SessionStatus status);

/// One worker, as `status` shows it. Lies at changelings/sessions/ID.json in the git common folder and never
/// in git.
struct SessionRecord {
  std::string id;
  std::string worker;  ///< The name that claims bear.
  std::string role;    ///< Empty: any.
  std::string source;  ///< A word of source_kinds.
  SessionStatus status = SessionStatus::Ready;
  int process = 0;
  std::string run;   ///< The current one, or the one that the next task would get.
  std::string task;  ///< Id of the current task; empty between tasks.
  std::string task_title;
  std::int64_t token = 0;  ///< Of the claim.
  std::string workspace;   ///< Folder of the current run's worktree.
  Timestamp started_at{};
  Timestamp last_activity_at{};
  std::optional<store::TokenUsage> tokens;  ///< Of all its tasks so far, as far as agents tell.
  std::optional<double> cost_usd;
  std::string note;  ///< Why it is blocked or has failed; one sentence.
};

nlohmann::json to_json(const SessionRecord& session);

/// Where the sessions of a repository lie.
std::filesystem::path sessions_folder(const std::filesystem::path& local_folder);

/// All of them, oldest first. A session whose process died without a word counts as failed.
std::vector<SessionRecord> read_sessions(const std::filesystem::path& folder);

/// The session that this process leads: its lock is held until destruction. Failures to write the file are
/// nobody's concern but for begin().
class WorkerSession {
 public:
  /// Gives the record an id. Throws Error(Io).
  static WorkerSession begin(const std::filesystem::path& folder, SessionRecord record, const Clock& clock);

  const SessionRecord& record() const { return record_; }
  /// Changes the record and writes it, with the time of now as the last activity.
  void update(const std::function<void(SessionRecord&)>& change);
  /// As update, but writes at most every few seconds.
  void update_soon(const std::function<void(SessionRecord&)>& change);
  void end(SessionStatus status, const std::string& note = "");

 private:
  WorkerSession(std::filesystem::path folder, SessionRecord record, const Clock& clock, FileLock lock);
  void write();

  std::filesystem::path folder_;
  SessionRecord record_;
  const Clock* clock_;
  std::optional<FileLock> lock_;
  std::chrono::steady_clock::time_point written_{};
};

/// Calls `handle` with every session whose process died without ending it, one process at a time, and records
/// it as failed when `handle` returns true; otherwise it is tried again next time. Also removes sessions that
/// nobody will look at any more: those without a sign of life for a day.
void bury_dead_sessions(const std::filesystem::path& folder, const Clock& clock,
                        const std::function<bool(const SessionRecord&)>& handle);

}  // namespace changeling::work
