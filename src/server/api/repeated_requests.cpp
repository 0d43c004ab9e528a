#include "server/api/repeated_requests.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "server/api/call.hpp"
#include "server/api/idempotency_key.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::server::api {
namespace {

constexpr auto patience = std::chrono::seconds(5);

std::int64_t milliseconds(Timestamp time) {
  return time.time_since_epoch().count();
}

/// Created by us, or nobody else could be kept from reading it.
const std::filesystem::path& make_private(const std::filesystem::path& file) {
  create_private_directories(file.parent_path());
  return file;
}

[[noreturn]] void refuse_unfinished(Timestamp began) {
  Refusal refusal(
      409, ErrorKind::Conflict,
      fmt::format("the request with this Idempotency-Key began at {} and has no answer yet",
                  format_timestamp(began)),
      "ask again in a moment; if it was cut off, look whether it was carried out, then use a new key");
  refusal.headers["retry-after"] = "1";
  throw refusal;
}

}  // namespace

RepeatedRequests::RepeatedRequests(const std::filesystem::path& file, const Clock& clock)
    : database_(make_private(file), patience), clock_(clock) {
  ::chmod(file.c_str(), S_IRUSR | S_IWUSR);
  database_.run(
      "PRAGMA secure_delete = ON; CREATE TABLE IF NOT EXISTS requests(key TEXT PRIMARY KEY, fingerprint TEXT "
      "NOT NULL, began INTEGER NOT NULL, status INTEGER, type TEXT, headers TEXT, body TEXT) WITHOUT ROWID; "
      "CREATE INDEX IF NOT EXISTS by_time ON requests(began);");
}

std::optional<Response> RepeatedRequests::begin(const Request& request) {
  const std::string key = key_of(request);
  const std::string fingerprint = fingerprint_of(request);
  store::Transaction transaction(database_);
  drop_old();
  {
    store::Statement row = database_.prepare(
        "SELECT fingerprint, status, type, headers, body, began FROM requests WHERE key = ?");
    row.bind(key);
    if (row.next()) {
      if (row.text(0) != fingerprint) refuse_used_key();
      if (row.is_null(1)) refuse_unfinished(Timestamp(Duration(row.integer(5))));
      return Response{static_cast<int>(row.integer(1)), row.text(2), Json::parse(row.text(3)).get<Headers>(),
                      row.text(4)};
    }
  }
  database_.prepare("INSERT INTO requests(key, fingerprint, began) VALUES(?, ?, ?)")
      .bind(key)
      .bind(fingerprint)
      .bind(milliseconds(clock_.now()))
      .run();
  transaction.commit();
  return std::nullopt;
}

void RepeatedRequests::finish(const Request& request, const Response& response) {
  const std::string key = key_of(request);
  const std::string headers = json_text(Json(response.headers));
  store::Statement row =
      database_.prepare("UPDATE requests SET status = ?, type = ?, headers = ?, body = ? WHERE key = ?");
  row.bind(std::int64_t{response.status})
      .bind(response.content_type)
      .bind(headers)
      .bind(response.body)
      .bind(key);
  row.run();
}

void RepeatedRequests::forget(const Request& request) {
  const std::string key = key_of(request);
  database_.prepare("DELETE FROM requests WHERE key = ?").bind(key).run();
}

void RepeatedRequests::drop_old() {
  database_.prepare("DELETE FROM requests WHERE began < ?").bind(milliseconds(clock_.now() - kept_for)).run();
  database_
      .prepare(
          "DELETE FROM requests WHERE began <= (SELECT began FROM requests ORDER BY began DESC LIMIT 1 "
          "OFFSET ?)")
      .bind(most_requests)
      .run();
  // From the newest back, as many as fit.
  database_
      .prepare(
          "DELETE FROM requests WHERE began <= (SELECT began FROM (SELECT began, sum(coalesce(length(body), "
          "0)) "
          "OVER (ORDER BY began DESC) AS bytes FROM requests) WHERE bytes > ? ORDER BY began DESC LIMIT 1)")
      .bind(most_bytes)
      .run();
}

}  // namespace changeling::server::api
