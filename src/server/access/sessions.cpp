#include "server/access/sessions.hpp"

#include <algorithm>

#include "server/access/same_secret.hpp"
#include "server/access/secret_file.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::server::access {
namespace {

constexpr std::size_t word_length = 43;
constexpr std::size_t id_length = 10;
constexpr std::size_t most_sessions = 256;
/// How exactly it is noted when a session was seen.
constexpr Duration seen_step = std::chrono::minutes(1);

bool is_over(const Session& session, Timestamp now) {
  return now - session.seen_at >= Sessions::lifetime;
}

Session session_from_json(const Json& json) {
  Session session;
  session.id = json_string(json, "id").value_or("");
  session.digest = json_string(json, "digest").value_or("");
  session.page_digest = json_string(json, "page_digest").value_or("");
  session.role = json_string(json, "role") == "owner" ? Role::Owner : Role::Viewer;
  session.created_at = json_timestamp(json, "created_at").value_or(Timestamp());
  session.seen_at = json_timestamp(json, "seen_at").value_or(Timestamp());
  return session;
}

std::vector<Session> read_sessions(const std::filesystem::path& file) {
  const auto text = read_secret_file(file);
  if (!text) return {};
  const Json json = parse_json(*text, file.string());
  const auto list = json.is_object() ? json.find("sessions") : json.end();
  if (!json.is_object() || list == json.end() || !list->is_array()) {
    throw Error(ErrorKind::Invalid, file.string() + ": no list of sessions",
                "remove the file; everybody then logs in again");
  }
  std::vector<Session> sessions;
  for (const Json& one : *list) sessions.push_back(session_from_json(one));
  return sessions;
}

}  // namespace

Json to_json(const Session& session) {
  return {{"id", session.id},
          {"role", to_string(session.role)},
          {"created_at", format_timestamp(session.created_at)},
          {"seen_at", format_timestamp(session.seen_at)}};
}

Sessions::Sessions(std::filesystem::path file) : file_(std::move(file)) {
  if (!file_.empty()) sessions_ = read_sessions(file_);
}

void Sessions::write() const {
  if (file_.empty()) return;
  Json list = Json::array();
  for (const Session& session : sessions_) {
    list.push_back(to_json(session));
    list.back()["digest"] = session.digest;
    list.back()["page_digest"] = session.page_digest;
  }
  write_file(file_, Json{{"sessions", list}}.dump(1) + "\n");
}

Sessions::Made Sessions::make(Role role, Timestamp now) {
  std::erase_if(sessions_, [now](const Session& session) { return is_over(session, now); });
  if (sessions_.size() >= most_sessions) sessions_.erase(sessions_.begin());
  const Made made{random_id(id_length), random_id(word_length), random_id(word_length)};
  sessions_.push_back({made.id, sha256_hex(made.word), sha256_hex(made.page_word), role, now, now});
  write();
  return made;
}

const Session* Sessions::find(std::string_view word, Timestamp now) {
  const std::string digest = sha256_hex(word);
  for (Session& session : sessions_) {
    if (!same_secret(session.digest, digest) || is_over(session, now)) continue;
    if (now - session.seen_at >= seen_step) {
      session.seen_at = now;
      write();
    }
    return &session;
  }
  return nullptr;
}

bool Sessions::knows(std::string_view id, Timestamp now) const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&](const Session& session) { return session.id == id && !is_over(session, now); });
}

bool Sessions::is_own_page(std::string_view id, std::string_view page_word) const {
  const std::string digest = sha256_hex(page_word);
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const Session& session) {
    return session.id == id && same_secret(session.page_digest, digest);
  });
}

bool Sessions::revoke(std::string_view id) {
  const auto removed = std::erase_if(sessions_, [id](const Session& session) { return session.id == id; });
  if (removed > 0) write();
  return removed > 0;
}

std::vector<Session> Sessions::list(Timestamp now) const {
  std::vector<Session> living;
  std::copy_if(sessions_.begin(), sessions_.end(), std::back_inserter(living),
               [now](const Session& session) { return !is_over(session, now); });
  return living;
}

}  // namespace changeling::server::access
