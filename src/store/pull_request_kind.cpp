#include <fmt/format.h>

#include "store/pull_request_rows.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/records.hpp"
#include "store/undo_checks.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

std::optional<std::string> id_at(std::string_view path) {
  const auto number = pull_request_number_of(path);
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

PullRequestRecord parse(const std::string& text, std::string_view path) {
  return parse_pull_request(text, pull_request_number_of(path).value_or(0), path);
}

void check(const std::string& text, std::string_view path) {
  parse(text, path);
}

/// They happen to have one number.
bool are_different(const std::string& ours, const std::string& published, std::string_view path) {
  try {
    return pull_request_from_json(parse_json(ours, path), path).branch !=
           pull_request_from_json(parse_json(published, path), path).branch;
  } catch (const Error&) {
    return false;
  }
}

/// A pull request only goes forward: what was merged stays merged.
int progress_of(const PullRequestRecord& pull) {
  return pull.state == PullRequestState::Merged ? 2 : pull.state == PullRequestState::Closed ? 1 : 0;
}

std::string merge(const RecordVersions& versions, std::string_view path) {
  const PullRequestRecord mine = parse(*versions.ours, path);
  const PullRequestRecord theirs = parse(*versions.published, path);
  if (progress_of(mine) != progress_of(theirs))
    return progress_of(mine) > progress_of(theirs) ? *versions.ours : *versions.published;
  return mine.updated_at > theirs.updated_at ? *versions.ours : *versions.published;
}

void check_undo(const git::Repository& repository, const RestoredFile& file) {
  const auto pull = sound_record(file.now, file.path, [&](const std::string& text) {
    return pull_request_from_json(parse_json(text, file.path), file.path);
  });
  if (!pull) return;
  if (pull->state == PullRequestState::Merged) {
    refuse_undo(
        fmt::format("pull request {} is merged, which changed the branch {}", pull->number, pull->base),
        fmt::format("take the merge back on {} with: {}", pull->base, revert_command(repository, *pull)));
  }
  if (!file.then) {
    refuse_undo(fmt::format("run {} has opened pull request {}", pull->run, pull->number),
                fmt::format("reject it: git changeling review reject {}", pull->number));
  }
}

std::unique_ptr<RecordRows> rows(Database& database) {
  return std::make_unique<PullRequestRows>(database);
}

}  // namespace

const RecordKind pull_request_kind{
    .folder = pull_requests_folder,
    .spread = Spread::Folders,
    .layout = "pulls/NUMBER.json, from 1000 on pulls/N/NUMBER.json",
    .name = "a pull request",
    .sentence = "A pull request of the `local` forge; `N` counts its thousands",
    .id_at = id_at,
    .check = check,
    .merge = merge,
    .are_different = are_different,
    .check_undo = check_undo,
    .rows = rows};

}  // namespace changeling::store
