#include "store/pull_request_record.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

PullRequestState parse_state(const std::string& word) {
  if (word == "open") return PullRequestState::Open;
  if (word == "merged") return PullRequestState::Merged;
  if (word == "closed") return PullRequestState::Closed;
  throw Error(ErrorKind::Invalid, fmt::format("state: '{}' is not open, merged or closed", word));
}

PullRequestRecord read_pull_request(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  PullRequestRecord pull;
  pull.number = json_integer(object, "number").value_or(0);
  const auto created_at = json_timestamp(object, "created_at");
  if (pull.number <= 0 || !created_at) throw Error(ErrorKind::Invalid, "number and created_at must be there");
  pull.title = text("title");
  pull.body = text("body");
  pull.changeling = text("changeling");
  pull.run = text("run");
  pull.branch = text("branch");
  pull.base = text("base");
  pull.base_commit = text("base_commit");
  pull.head = text("head");
  pull.state = parse_state(text("state"));
  pull.draft = json_bool(object, "draft").value_or(false);
  pull.labels = json_strings(object, "labels");
  pull.reviewers = json_strings(object, "reviewers");
  pull.patch_id = text("patch_id");
  pull.created_at = *created_at;
  pull.updated_at = json_timestamp(object, "updated_at").value_or(*created_at);
  pull.closed_at = json_timestamp(object, "closed_at");
  pull.closed_by = text("closed_by");
  pull.close_reason = text("close_reason");
  pull.merge_commit = text("merge_commit");
  return pull;
}

}  // namespace

std::string_view to_string(PullRequestState state) {
  switch (state) {
    case PullRequestState::Open:
      return "open";
    case PullRequestState::Merged:
      return "merged";
    case PullRequestState::Closed:
      return "closed";
  }
  return "closed";
}

nlohmann::json to_json(const PullRequestRecord& pull) {
  return {{"number", pull.number},
          {"title", pull.title},
          {"body", pull.body},
          {"changeling", pull.changeling},
          {"run", pull.run},
          {"branch", pull.branch},
          {"base", pull.base},
          {"base_commit", pull.base_commit},
          {"head", pull.head},
          {"state", to_string(pull.state)},
          {"draft", pull.draft},
          {"labels", pull.labels},
          {"reviewers", pull.reviewers},
          {"patch_id", pull.patch_id},
          {"created_at", format_timestamp(pull.created_at)},
          {"updated_at", format_timestamp(pull.updated_at)},
          {"closed_at", json_or_null(pull.closed_at)},
          {"closed_by", pull.closed_by},
          {"close_reason", pull.close_reason},
          {"merge_commit", pull.merge_commit}};
}

PullRequestRecord pull_request_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    return read_pull_request(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

PullRequestRecord parse_pull_request(std::string_view text, std::int64_t number, std::string_view source) {
  PullRequestRecord pull = pull_request_from_json(parse_json(text, source), source);
  if (pull.number != number) {
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: holds the number {}, not {}", source, pull.number, number));
  }
  return pull;
}

}  // namespace changeling::store
