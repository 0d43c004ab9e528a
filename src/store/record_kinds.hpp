#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

struct CompactionOptions;
class Database;
class RecordRows;
struct RecordVersions;
struct RestoredFile;

/// How the records of a kind lie below its folder.
enum class Spread {
  File,    ///< There is one, and `folder` is its path.
  Flat,    ///< FOLDER/NAME.
  Folders  ///< FOLDER/ab/cd/NAME.
};

/// What the state reference holds, and everything that is done with all kinds of records alike. A kind is
/// described in a file of its own, and is a row of record_kinds(). Functions that are null do nothing.
struct RecordKind {
  std::string_view folder;  ///< "runs", without a slash.
  Spread spread = Spread::File;
  std::string_view layout;    ///< For people: "runs/ab/cd/ID.json".
  std::string_view name;      ///< For people: "a run".
  std::string_view sentence;  ///< What it holds, without a full stop.
  /// Whose record lies at a path; nothing when it cannot be one of the kind. Null: any name is right.
  std::optional<std::string> (*id_at)(std::string_view path) = nullptr;
  /// Throws Error(Invalid) for a text that is no record at `path`. Null: any text is one.
  void (*check)(const std::string& text, std::string_view path) = nullptr;
  /// Field by field, of sides that both can be read. Null: the published one stays.
  std::string (*merge)(const RecordVersions& versions, std::string_view path) = nullptr;
  /// Whether two sides made different records and gave them one path; merging keeps both.
  bool (*are_different)(const std::string& ours, const std::string& published,
                        std::string_view path) = nullptr;
  /// Throws Error(Refused) when `file` must not be brought back, see check_restorable.
  void (*check_undo)(const git::Repository& repository, const RestoredFile& file) = nullptr;
  /// Moves what may leave into an archive, and returns how many records that are.
  std::size_t (*archive)(const Snapshot& snapshot, const CompactionOptions& options,
                         Change& change) = nullptr;
  /// Its rows in the index, see record_rows.hpp. Null: the index does not know it.
  std::unique_ptr<RecordRows> (*rows)(Database& database) = nullptr;
};

extern const RecordKind definition_kind;
extern const RecordKind role_kind;
extern const RecordKind subagent_kind;
extern const RecordKind skill_kind;
extern const RecordKind task_kind;
extern const RecordKind run_kind;
extern const RecordKind pull_request_kind;
extern const RecordKind review_kind;
extern const RecordKind deployment_kind;
extern const RecordKind webhook_kind;
extern const RecordKind delivery_kind;

/// The only list of them, in the order of docs/record-format.md.
std::span<const RecordKind* const> record_kinds();

/// The kind whose place a path is in; null for what no kind knows.
const RecordKind* record_kind_at(std::string_view path);

/// Calls `read`, which throws for a damaged record, with the path and the id of each record of the kind. What
/// cannot be read is noted in `damaged`, if it is given.
void read_each(const Snapshot& snapshot, const RecordKind& kind, DamagedRecords* damaged,
               const std::function<void(const std::string& path, const std::string& id)>& read);

}  // namespace changeling::store
