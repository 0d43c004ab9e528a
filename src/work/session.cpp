#include "work/session.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::work {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".json";
constexpr std::array<std::string_view, 6> words{"idle", "ready", "working", "blocked", "completed", "failed"};
constexpr auto write_interval = std::chrono::seconds(5);
constexpr Duration kept_after_silence = std::chrono::hours(24);

fs::path file_of(const fs::path& folder, const std::string& id) {
  return folder / (id + std::string(suffix));
}

fs::path lock_of(const fs::path& folder, const std::string& id) {
  return folder / (id + ".lock");
}

bool has_ended(const SessionRecord& session) {
  return session.status == SessionStatus::Completed || session.status == SessionStatus::Failed;
}

std::optional<store::TokenUsage> tokens_from(const Json& object) {
  const auto tokens = object.find("tokens");
  if (tokens == object.end() || !tokens->is_object()) return std::nullopt;
  const auto count = [&](std::string_view key) { return json_integer(*tokens, key).value_or(0); };
  return store::TokenUsage{count("input"), count("output"), count("cache_read"), count("cache_write")};
}

SessionRecord session_from(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  SessionRecord session;
  session.id = text("id");
  session.worker = text("worker");
  session.role = text("role");
  session.source = text("source");
  const auto word = std::find(words.begin(), words.end(), text("status"));
  session.status = word == words.end() ? SessionStatus::Failed
                                       : static_cast<SessionStatus>(std::distance(words.begin(), word));
  session.process = static_cast<int>(json_integer(object, "pid").value_or(0));
  session.run = text("run");
  session.task = text("task");
  session.task_title = text("task_title");
  session.token = json_integer(object, "token").value_or(0);
  session.workspace = text("workspace");
  session.started_at = json_timestamp(object, "started_at").value_or(Timestamp{});
  session.last_activity_at = json_timestamp(object, "last_activity_at").value_or(Timestamp{});
  session.tokens = tokens_from(object);
  session.cost_usd = json_number(object, "cost_usd");
  session.note = text("note");
  return session;
}

/// Nothing when there is none or it cannot be understood.
std::optional<SessionRecord> read_session(const fs::path& folder, const std::string& id) {
  try {
    const fs::path file = file_of(folder, id);
    const auto text = read_file_if_exists(file);
    if (!text) return std::nullopt;
    return session_from(parse_json(*text, file.string()));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::string> session_ids(const fs::path& folder) {
  std::vector<std::string> ids;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, missing)) {
    if (entry.path().extension() == suffix) ids.push_back(entry.path().stem().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void remove_session(const fs::path& folder, const std::string& id) {
  std::error_code ignored;
  fs::remove(file_of(folder, id), ignored);
  fs::remove(lock_of(folder, id), ignored);
}

void write_record(const fs::path& folder, const SessionRecord& session) {
  write_file(file_of(folder, session.id),
             to_json(session).dump(2, ' ', false, Json::error_handler_t::replace) + "\n", Outlives::Process);
}

}  // namespace

std::string_view to_string(SessionStatus status) {
  return words.at(static_cast<std::size_t>(status));
}

Json to_json(const SessionRecord& session) {
  Json object{{"id", session.id},
              {"worker", session.worker},
              {"role", session.role},
              {"source", session.source},
              {"status", to_string(session.status)},
              {"pid", session.process},
              {"run", session.run},
              {"task", session.task},
              {"task_title", session.task_title},
              {"token", session.token},
              {"workspace", session.workspace},
              {"started_at", format_timestamp(session.started_at)},
              {"last_activity_at", format_timestamp(session.last_activity_at)},
              {"tokens", nullptr},
              {"cost_usd", json_or_null(session.cost_usd)},
              {"note", session.note}};
  if (const auto& tokens = session.tokens) {
    object["tokens"] = {{"input", tokens->input},
                        {"output", tokens->output},
                        {"cache_read", tokens->cache_read},
                        {"cache_write", tokens->cache_write}};
  }
  return object;
}

fs::path sessions_folder(const fs::path& local_folder) {
  return local_folder / "sessions";
}

std::vector<SessionRecord> read_sessions(const fs::path& folder) {
  std::vector<SessionRecord> sessions;
  for (const std::string& id : session_ids(folder)) {
    auto session = read_session(folder, id);
    if (!session) continue;
    if (!has_ended(*session) && !is_locked(lock_of(folder, id))) {
      session->status = SessionStatus::Failed;
      session->note = "its process was killed";
    }
    sessions.push_back(std::move(*session));
  }
  std::sort(sessions.begin(), sessions.end(), [](const SessionRecord& one, const SessionRecord& two) {
    return std::tie(one.started_at, one.id) < std::tie(two.started_at, two.id);
  });
  return sessions;
}

WorkerSession WorkerSession::begin(const fs::path& folder, SessionRecord record, const Clock& clock) {
  record.id = random_id(8);
  record.process = ::getpid();
  record.started_at = record.last_activity_at = clock.now();
  // Locked before the file exists, so that nobody takes the session for a dead one.
  auto lock = FileLock::acquire(lock_of(folder, record.id), std::chrono::seconds(5));
  if (!lock) throw Error(ErrorKind::Conflict, "a session of this name exists already");
  write_record(folder, record);
  return WorkerSession(folder, std::move(record), clock, std::move(*lock));
}

WorkerSession::WorkerSession(fs::path folder, SessionRecord record, const Clock& clock, FileLock lock)
    : folder_(std::move(folder)), record_(std::move(record)), clock_(&clock), lock_(std::move(lock)) {}

void WorkerSession::write() {
  try {
    // The folder is not made again: a repository that was moved away stays away.
    std::error_code unreadable;
    if (fs::is_directory(folder_, unreadable)) write_record(folder_, record_);
  } catch (const Error&) {
    // Only an aid for people and for cleaning up early; a full disk must not end the agent's work.
  }
  written_ = std::chrono::steady_clock::now();
}

void WorkerSession::update(const std::function<void(SessionRecord&)>& change) {
  change(record_);
  record_.last_activity_at = clock_->now();
  write();
}

void WorkerSession::update_soon(const std::function<void(SessionRecord&)>& change) {
  change(record_);
  record_.last_activity_at = clock_->now();
  if (std::chrono::steady_clock::now() - written_ >= write_interval) write();
}

void WorkerSession::end(SessionStatus status, const std::string& note) {
  update([&](SessionRecord& record) {
    record.status = status;
    record.note = note;
    record.run.clear();
    record.task.clear();
    record.task_title.clear();
    record.workspace.clear();
    record.token = 0;
  });
}

void bury_dead_sessions(const fs::path& folder, const Clock& clock,
                        const std::function<bool(const SessionRecord&)>& handle) {
  for (const std::string& id : session_ids(folder)) {
    const auto lock = FileLock::try_acquire(lock_of(folder, id));
    if (!lock) continue;
    auto session = read_session(folder, id);
    if (!session) {
      remove_session(folder, id);
      continue;
    }
    const bool handled = has_ended(*session) || handle(*session);
    if (clock.now() - session->last_activity_at > kept_after_silence) {
      remove_session(folder, id);
      continue;
    }
    if (!handled || has_ended(*session)) continue;
    session->status = SessionStatus::Failed;
    session->note = "its process was killed";
    session->last_activity_at = clock.now();
    write_record(folder, *session);
  }
}

}  // namespace changeling::work
