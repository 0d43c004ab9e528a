#include "store/record_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changeling::store {
namespace {

constexpr RecordKind format_kind{
    .folder = "format",
    .layout = "format",
    .name = "the format",
    .sentence =
        "The number of the format, `1`; a program that knows only older ones refuses to read and "
        "write the records, and neither merges nor pushes them"};

constexpr RecordKind halt_kind{
    .folder = "halt.json",
    .layout = "halt.json",
    .name = "the halt",
    .sentence = "`{since, by, reason}` while everything is switched off (`disable --all`)"};

constexpr RecordKind epoch_kind{
    .folder = "epoch",
    .layout = "epoch",
    .name = "the epoch",
    .sentence = "`{number, previous_tip, archive}` once `compact` has begun the history anew"};

constexpr RecordKind archive_kind{
    .folder = "archive",
    .spread = Spread::Flat,
    .layout = "archive/YYYY-MM.jsonl",
    .name = "an archive of tasks",
    .sentence = "Done tasks that `compact` moved away, a line each, by the month of their last change"};

constexpr RecordKind run_archive_kind{
    .folder = "archive-runs",
    .spread = Spread::Flat,
    .layout = "archive-runs/YYYY-MM.jsonl",
    .name = "an archive of runs",
    .sentence = "Runs that `compact --archive-runs` moved away, a line each, by the month of their end"};

constexpr std::array all_kinds{
    &format_kind,   &definition_kind,   &role_kind,        &subagent_kind, &skill_kind,      &task_kind,
    &run_kind,      &pull_request_kind, &review_kind,      &halt_kind,     &deployment_kind, &webhook_kind,
    &delivery_kind, &archive_kind,      &run_archive_kind, &epoch_kind,
};

bool is_in(const RecordKind& kind, std::string_view path) {
  if (kind.spread == Spread::File) return path == kind.folder;
  return path.size() > kind.folder.size() && path.starts_with(kind.folder) && path[kind.folder.size()] == '/';
}

std::vector<std::string> paths_of(const Snapshot& snapshot, const RecordKind& kind) {
  const std::string folder(kind.folder);
  if (kind.spread == Spread::Folders) return snapshot.files_below(folder);
  std::vector<std::string> paths;
  for (const std::string& file : snapshot.names(folder)) paths.push_back(fmt::format("{}/{}", folder, file));
  return paths;
}

}  // namespace

std::span<const RecordKind* const> record_kinds() {
  return all_kinds;
}

const RecordKind* record_kind_at(std::string_view path) {
  const auto found = std::find_if(all_kinds.begin(), all_kinds.end(),
                                  [&](const RecordKind* kind) { return is_in(*kind, path); });
  return found == all_kinds.end() ? nullptr : *found;
}

void read_each(const Snapshot& snapshot, const RecordKind& kind, DamagedRecords* damaged,
               const std::function<void(const std::string& path, const std::string& id)>& read) {
  for (const std::string& path : paths_of(snapshot, kind)) {
    const auto id = kind.id_at(path);
    if (!id) {
      note_stray(path, kind.name, damaged);
      continue;
    }
    read_or_note(path, damaged, [&] { read(path, *id); });
  }
}

}  // namespace changeling::store
