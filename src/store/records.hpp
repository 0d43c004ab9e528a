#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/fields.hpp"
#include "store/damaged.hpp"
#include "store/pull_request_record.hpp"
#include "store/run_record.hpp"
#include "store/store.hpp"

namespace changeling::store {

// Where each kind of record lies in the state tree, and reading and writing them there. What reads many gives
// those that can be read and notes the others in `damaged`, if it is given; what reads one throws
// Error(Invalid) for a damaged one, see damaged_error.

inline constexpr std::string_view definitions_folder = "changelings";
inline constexpr std::string_view runs_folder = "runs";
inline constexpr std::string_view pull_requests_folder = "pulls";

std::string definition_path(std::string_view changeling);
std::string run_path(std::string_view run_id);
std::string pull_request_path(std::int64_t number);

/// Whose record lies at a path; nothing when it cannot be one of the kind.
std::optional<std::string> run_id_of(std::string_view path);
std::optional<std::int64_t> pull_request_number_of(std::string_view path);
std::optional<std::string> changeling_of(std::string_view path);

/// Definitions on the state ref by name.
std::map<std::string, Layer> read_definitions(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);
std::optional<Layer> read_definition(const Snapshot& snapshot, const std::string& name);
void write_definition(Change& change, const std::string& name, const Layer& layer);

/// All runs, newest first (by start, then id).
std::vector<RunRecord> read_runs(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);
std::optional<RunRecord> read_run(const Snapshot& snapshot, std::string_view id);
void write_run(Change& change, const RunRecord& run);

/// By number, rising.
std::vector<PullRequestRecord> read_pull_requests(const Snapshot& snapshot,
                                                  DamagedRecords* damaged = nullptr);
std::optional<PullRequestRecord> read_pull_request(const Snapshot& snapshot, std::int64_t number);
void write_pull_request(Change& change, const PullRequestRecord& pull);
/// One more than the highest number in use, also by a damaged record.
std::int64_t next_pull_request_number(const Snapshot& snapshot);

}  // namespace changeling::store
