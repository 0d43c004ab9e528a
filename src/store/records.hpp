#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/fields.hpp"
#include "store/pull_request_record.hpp"
#include "store/run_record.hpp"
#include "store/store.hpp"

namespace changeling::store {

// Where each kind of record lies in the state tree, and reading and writing them there.

std::string definition_path(std::string_view changeling);
std::string run_path(std::string_view run_id);
std::string pull_request_path(std::int64_t number);

/// Definitions on the state ref by name. A broken one throws Error(Invalid) naming commit, file and line.
std::map<std::string, Layer> read_definitions(const Snapshot& snapshot);
std::optional<Layer> read_definition(const Snapshot& snapshot, const std::string& name);
void write_definition(Change& change, const std::string& name, const Layer& layer);

/// All runs, newest first (by start, then id).
std::vector<RunRecord> read_runs(const Snapshot& snapshot);
std::optional<RunRecord> read_run(const Snapshot& snapshot, std::string_view id);
/// `prefix` abbreviates an id as git does for commits. Throws Error(NotFound), or Error(Usage) when several
/// match.
RunRecord find_run(const Snapshot& snapshot, std::string_view prefix);
void write_run(Change& change, const RunRecord& run);

/// By number, rising.
std::vector<PullRequestRecord> read_pull_requests(const Snapshot& snapshot);
std::optional<PullRequestRecord> read_pull_request(const Snapshot& snapshot, std::int64_t number);
void write_pull_request(Change& change, const PullRequestRecord& pull);
/// One more than the highest number in use.
std::int64_t next_pull_request_number(const Snapshot& snapshot);

}  // namespace changeling::store
