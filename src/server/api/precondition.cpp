// If-Match: nothing is written that was decided on an older record.
#include <fmt/format.h>

#include "server/api/call.hpp"
#include "server/api/entity_tag.hpp"
#include "store/history.hpp"

namespace changeling::server::api {
namespace {

/// How many operations are gone back to find what the client has seen.
constexpr std::size_t most_steps_back = 500;

/// Records are JSON, or TOML, which is shown as it is.
Json shown(const std::optional<std::string>& record) {
  if (!record || record->empty()) return nullptr;
  Json json = Json::parse(*record, nullptr, false);
  return json.is_discarded() ? Json(*record) : json;
}

Json version(const std::optional<std::string>& record) {
  return {{"tag", record ? record_tag(*record) : ""}, {"record", shown(record)}};
}

/// The record with this tag, as far as it is still known; its tag alone otherwise.
Json version_with_tag(const git::Repository& repository, const store::Snapshot& newest,
                      const RecordOf& record, const std::string& tag) {
  store::HistoryWalk walk(repository, *newest.commit());
  for (std::size_t step = 0; step < most_steps_back; ++step) {
    const auto commit = walk.next();
    if (!commit) break;
    const auto then = record(store::Snapshot::of_commit(repository, commit->id, commit->tree));
    if (then && record_tag(*then) == tag) return version(then);
  }
  return {{"tag", tag}};
}

Refusal outdated(const git::Repository& repository, const store::Snapshot& newest, const RecordOf& record,
                 const std::string& if_match) {
  const auto current = record(newest);
  Refusal refusal(412, ErrorKind::Conflict,
                  current ? "it has changed since you have seen it" : "it is not there any more",
                  "look at yours and current, and send it again with the entity tag of the newest one");
  refusal.more["yours"] = version_with_tag(repository, newest, record, first_record_tag(if_match));
  refusal.more["current"] = version(current);
  return refusal;
}

RecordOf file_at(const std::string& path) {
  return [path](const store::Snapshot& snapshot) { return snapshot.read(path).value_or(""); };
}

/// What If-Match asks of a state; empty without it.
store::Store::Requirement requirement_of(Call& call, const RecordOf& record) {
  const auto header = call.request.headers.find("if-match");
  if (header == call.request.headers.end()) return {};
  return [&repository = call.project.repository(), record,
          if_match = header->second](const store::Snapshot& snapshot) {
    if (!allows(if_match, record(snapshot))) throw outdated(repository, snapshot, record, if_match);
  };
}

}  // namespace

void expect(Call& call, const RecordOf& record) {
  const auto requirement = requirement_of(call, record);
  if (!requirement) return;
  requirement(call.project.snapshot());
  call.project.store().require_of_next(requirement);
}

void expect_file(Call& call, const std::string& path) {
  expect(call, file_at(path));
}

void expect_file_now(Call& call, const std::string& path) {
  if (const auto requirement = requirement_of(call, file_at(path))) requirement(call.project.snapshot());
}

std::string record_at(project::Project& project, const std::string& path) {
  return project.snapshot().read(path).value_or("");
}

}  // namespace changeling::server::api
