#include "webhooks/kept_deliveries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/delivery_record.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/folder_sync.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::webhooks {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_waiting = 1000;
/// Of those that are done, so many are kept, the newest; bodies may be large.
constexpr std::size_t most_done = 1000;
constexpr auto longest_memory = std::chrono::hours(24 * 30);
constexpr auto patience = std::chrono::seconds(10);
constexpr const char* waiting_part = "waiting";
constexpr const char* done_part = "done";

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

KeptDelivery from_json(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  KeptDelivery delivery;
  delivery.key = text("key");
  delivery.webhook = text("webhook");
  delivery.source = text("source");
  delivery.delivery = text("delivery");
  delivery.event = text("event");
  delivery.polled = json_bool(object, "polled").value_or(false);
  delivery.replay_of = text("replay_of");
  delivery.headers = object.at("headers").get<Headers>();
  delivery.received_at = json_timestamp(object, "received_at").value_or(Timestamp{});
  delivery.problem = text("problem");
  delivery.outcome = text("outcome");
  delivery.detail = text("detail");
  delivery.run = text("run");
  delivery.task = text("task");
  delivery.finished_at = json_timestamp(object, "finished_at");
  return delivery;
}

/// Nothing for a file that is none: another process may have removed it, or a disk may have lost it.
std::optional<KeptDelivery> read(const fs::path& file) {
  try {
    const auto text = read_file_if_exists(file);
    if (!text) return std::nullopt;
    return from_json(parse_json(*text, file.string()));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// A replay is checked by the headers that sign it.
void write(const fs::path& file, const KeptDelivery& delivery) {
  Json json = to_json(delivery);
  json["headers"] = delivery.headers;
  write_file(file, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

bool is_older(const KeptDelivery& one, const KeptDelivery& other) {
  return std::tie(one.received_at, one.key) < std::tie(other.received_at, other.key);
}

Headers without_signatures(Headers headers) {
  std::erase_if(headers,
                [](const auto& header) { return header.first.find("signature") != std::string::npos; });
  return harmless_headers(std::move(headers));
}

std::size_t files_in(const fs::path& folder) {
  std::error_code missing;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder, missing), {}));
}

}  // namespace

nlohmann::json to_json(const KeptDelivery& delivery) {
  return {{"key", delivery.key},
          {"webhook", delivery.webhook},
          {"source", delivery.source},
          {"delivery", delivery.delivery},
          {"event", text_or_null(delivery.event)},
          {"polled", delivery.polled},
          {"replay_of", text_or_null(delivery.replay_of)},
          {"headers", without_signatures(delivery.headers)},
          {"received_at", format_timestamp(delivery.received_at)},
          {"problem", text_or_null(delivery.problem)},
          {"outcome", text_or_null(delivery.outcome)},
          {"detail", text_or_null(delivery.detail)},
          {"run", text_or_null(delivery.run)},
          {"task", text_or_null(delivery.task)},
          {"finished_at", json_or_null(delivery.finished_at)}};
}

Headers harmless_headers(Headers headers) {
  constexpr std::array secret{"authorization", "proxy-authorization", "cookie", "x-gitlab-token",
                              "x-changeling"};
  for (const char* name : secret) headers.erase(name);
  return headers;
}

fs::path KeptDeliveries::waiting_file(const std::string& key) const {
  return folder_ / waiting_part / (key + ".json");
}

fs::path KeptDeliveries::done_file(const std::string& key) const {
  return folder_ / done_part / (key + ".json");
}

fs::path KeptDeliveries::body_file(const std::string& key) const {
  return folder_ / "bodies" / key;
}

fs::path KeptDeliveries::digest_file(const KeptDelivery& delivery, std::string_view body) const {
  return folder_ / "digests" / store::delivery_key(delivery.webhook, delivery.source, sha256_hex(body));
}

bool KeptDeliveries::is_known(const std::string& key) const {
  return fs::exists(waiting_file(key)) || fs::exists(done_file(key));
}

std::string KeptDeliveries::known_key(const KeptDelivery& delivery, std::string_view body,
                                      SameBody same) const {
  if (is_known(delivery.key)) return delivery.key;
  if (same == SameBody::Another) return "";
  // The other one may have been forgotten, or never kept because of a crash.
  const std::string other = read_file_if_exists(digest_file(delivery, body)).value_or("");
  return !other.empty() && is_known(other) ? other : "";
}

KeptDeliveries::Kept KeptDeliveries::keep(const KeptDelivery& delivery, std::string_view body,
                                          SameBody same) const {
  const auto alone = FileLock::acquire(folder_ / "keep.lock", patience);
  if (!alone)
    throw Error(ErrorKind::Unavailable, "other deliveries are being kept for too long", "try again");
  if (!known_key(delivery, body, same).empty()) return Kept::Known;
  if (files_in(folder_ / waiting_part) >= most_waiting) return Kept::Full;
  write_file(body_file(delivery.key), body);
  if (same == SameBody::Duplicate) write_file(digest_file(delivery, body), delivery.key);
  // Before its record, so that none is found without its body.
  sync_folder(body_file(delivery.key).parent_path());
  sync_folder(folder_);
  write(waiting_file(delivery.key), delivery);
  sync_folder(folder_ / waiting_part);
  return Kept::New;
}

std::vector<KeptDelivery> KeptDeliveries::read_all(const char* part) const {
  std::vector<KeptDelivery> found;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / part, missing)) {
    if (entry.path().extension() != ".json") continue;
    if (auto delivery = read(entry.path())) found.push_back(std::move(*delivery));
  }
  std::sort(found.begin(), found.end(), is_older);
  return found;
}

std::vector<KeptDelivery> KeptDeliveries::waiting() const {
  return read_all(waiting_part);
}

std::vector<KeptDelivery> KeptDeliveries::all() const {
  std::vector<KeptDelivery> found = read_all(done_part);
  // One that is being finished right now is in both.
  for (KeptDelivery& delivery : read_all(waiting_part)) {
    const bool is_done = std::any_of(found.begin(), found.end(),
                                     [&](const KeptDelivery& one) { return one.key == delivery.key; });
    if (!is_done) found.push_back(std::move(delivery));
  }
  std::sort(found.begin(), found.end(), is_older);
  std::reverse(found.begin(), found.end());
  return found;
}

KeptDelivery KeptDeliveries::find(const std::string& word) const {
  std::vector<KeptDelivery> matching;
  for (KeptDelivery& delivery : all()) {
    if (delivery.key == word) return delivery;
    if ((!word.empty() && delivery.key.starts_with(word)) || delivery.delivery == word)
      matching.push_back(std::move(delivery));
  }
  if (matching.size() > 1)
    throw Error(ErrorKind::Usage, fmt::format("several deliveries are called '{}'", shortened(word)),
                "give more letters of its id");
  if (matching.empty())
    throw Error(ErrorKind::NotFound, fmt::format("this machine has no delivery '{}'", shortened(word)),
                "see: git changeling webhook deliveries NAME");
  return matching.front();
}

std::string KeptDeliveries::body(const std::string& key) const {
  if (auto bytes = read_file_if_exists(body_file(key))) return std::move(*bytes);
  throw Error(ErrorKind::NotFound, fmt::format("the body of delivery {} is not here any more", key));
}

void KeptDeliveries::note_problem(const KeptDelivery& delivery) const {
  write(waiting_file(delivery.key), delivery);
}

void KeptDeliveries::finish(const KeptDelivery& delivery) const {
  write(done_file(delivery.key), delivery);
  std::error_code gone;
  fs::remove(waiting_file(delivery.key), gone);
}

void KeptDeliveries::forget(const KeptDelivery& delivery) const {
  std::error_code gone;
  if (const auto bytes = read_file_if_exists(body_file(delivery.key))) {
    const fs::path digest = digest_file(delivery, *bytes);
    if (read_file_if_exists(digest) == delivery.key) fs::remove(digest, gone);
  }
  fs::remove(body_file(delivery.key), gone);
  fs::remove(done_file(delivery.key), gone);
}

void KeptDeliveries::forget_old(Timestamp now) const {
  std::vector<KeptDelivery> done = read_all(done_part);
  std::reverse(done.begin(), done.end());
  for (std::size_t place = 0; place < done.size(); ++place) {
    if (place < most_done && done[place].received_at + longest_memory > now) continue;
    forget(done[place]);
  }
}

}  // namespace changeling::webhooks
