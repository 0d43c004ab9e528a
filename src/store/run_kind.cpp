#include <fmt/format.h>

#include "store/compaction.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/records.hpp"
#include "store/run_archive.hpp"
#include "store/run_index_rows.hpp"
#include "store/undo_checks.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

RunRecord parse(const std::string& text, std::string_view path) {
  return parse_run(text, run_id_of(path).value_or(""), path);
}

void check(const std::string& text, std::string_view path) {
  parse(text, path);
}

/// A finished run stays finished; a lease that passed on since wins over the record of its former holder.
std::string merge(const RecordVersions& versions, std::string_view path) {
  const RunRecord mine = parse(*versions.ours, path);
  const RunRecord theirs = parse(*versions.published, path);
  const bool mine_finished = mine.status == RunStatus::Finished;
  const bool theirs_finished = theirs.status == RunStatus::Finished;
  if (mine_finished != theirs_finished) return mine_finished ? *versions.ours : *versions.published;
  return mine.lease.token > theirs.lease.token ? *versions.ours : *versions.published;
}

std::optional<RunRecord> run_in(const std::optional<std::string>& content, const std::string& path) {
  return sound_record(content, path,
                      [&](const std::string& text) { return run_from_json(parse_json(text, path), path); });
}

void check_undo(const git::Repository&, const RestoredFile& file) {
  const auto is_running = [](const std::optional<RunRecord>& run) {
    return run && run->status == RunStatus::Running;
  };
  const auto now = run_in(file.now, file.path);
  if (is_running(now)) {
    refuse_undo(fmt::format("run {} of {} is running", now->id, now->changeling),
                fmt::format("stop it first: git changeling stop {}", now->id));
  }
  // What was running when its record was damaged may be running still; bringing its record back is right.
  if (!now && file.now) return;
  if (const auto run = run_in(file.then, file.path); is_running(run)) {
    refuse_undo(fmt::format("run {} of {} has ended; that cannot be taken back", run->id, run->changeling),
                fmt::format("run it again: git changeling retry {}", run->id));
  }
}

std::size_t archive(const Snapshot& snapshot, const CompactionOptions& options, Change& change) {
  if (!options.archive_runs_before) return 0;
  const auto leaving = archivable_runs(snapshot, *options.archive_runs_before, options.now);
  move_to_archive(snapshot, change, leaving);
  return leaving.size();
}

std::unique_ptr<RecordRows> rows(Database& database) {
  return std::make_unique<RunRows>(database);
}

}  // namespace

const RecordKind run_kind{.folder = runs_folder,
                          .spread = Spread::Folders,
                          .layout = "runs/ab/cd/ID.json",
                          .name = "a run",
                          .sentence = "A run",
                          .id_at = run_id_of,
                          .check = check,
                          .merge = merge,
                          .check_undo = check_undo,
                          .archive = archive,
                          .rows = rows};

}  // namespace changeling::store
