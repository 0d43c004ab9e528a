#include <fmt/format.h>

#include "queue/merge.hpp"
#include "store/compaction.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/task_archive.hpp"
#include "store/task_index_rows.hpp"
#include "store/task_records.hpp"
#include "store/undo_checks.hpp"

namespace changeling::store {
namespace {

queue::Task parse(const std::string& text, std::string_view path) {
  return parse_task(text, task_id_of(path).value_or(""), path);
}

void check(const std::string& text, std::string_view path) {
  parse(text, path);
}

std::string merge(const RecordVersions& versions, std::string_view path) {
  std::optional<queue::Task> base;
  if (versions.base) base = parse(*versions.base, path);
  return task_text(queue::merge_tasks(base, parse(*versions.ours, path), parse(*versions.published, path)));
}

void check_undo(const git::Repository&, const RestoredFile& file) {
  const auto task = task_in(file.now, file.path);
  if (!task || !task->lease) return;
  refuse_undo(fmt::format("task {} is claimed by {}", task->id, task->lease->owner),
              fmt::format("release it first: git changeling task release {} --token {}", task->id,
                          task->lease->token));
}

std::size_t archive(const Snapshot& snapshot, const CompactionOptions& options, Change& change) {
  if (!options.archive_before) return 0;
  const auto leaving = archivable_tasks(snapshot, *options.archive_before);
  move_to_archive(snapshot, change, leaving);
  return leaving.size();
}

std::unique_ptr<RecordRows> rows(Database& database) {
  return std::make_unique<TaskRows>(database);
}

}  // namespace

const RecordKind task_kind{.folder = tasks_folder,
                           .spread = Spread::Folders,
                           .layout = "items/ab/cd/ID.json",
                           .name = "a task",
                           .sentence = "A task; `ab` and `cd` are the first letters of its id",
                           .id_at = task_id_of,
                           .check = check,
                           .merge = merge,
                           .check_undo = check_undo,
                           .archive = archive,
                           .rows = rows};

}  // namespace changeling::store
