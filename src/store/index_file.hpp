#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/damaged.hpp"
#include "store/sqlite.hpp"

namespace changeling::store {

/// The index's database file: made when it is missing, replaced when it is not what it should be.
class IndexFile {
 public:
  explicit IndexFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// The open database with this version's tables. Opens the file, and opens it again when it was deleted.
  /// Where no file can be written, as on read-only media or in the place of a folder, it is in memory.
  Database& database();
  /// From now on, an empty one in memory: for a disk that is full or fails.
  void use_memory();
  /// Deletes the file, unless another process has replaced it meanwhile; database() makes a new one.
  void discard();
  const std::filesystem::path& path() const { return path_; }

 private:
  /// Whether the file is empty, in which case it gets its tables, or has the right ones.
  static bool has_right_tables(Database& database);
  bool is_writable() const;

  std::filesystem::path path_;
  std::optional<Database> database_;
  bool is_in_memory_ = false;
  std::uint64_t inode_ = 0;  ///< Of the file that database_ has open, or last had.
};

enum class IndexedKind { Tasks, Runs, PullRequests };

/// The indexes that are left out while very many rows are added, and made afterwards in one go; of one kind
/// of record, or of all.
void drop_secondary_indexes(Database& database, std::optional<IndexedKind> only = std::nullopt);
void create_secondary_indexes(Database& database, std::optional<IndexedKind> only = std::nullopt);
/// Removes every row.
void clear_tables(Database& database);
/// The files below a folder of the state that cannot be read as records, by path.
DamagedRecords unreadable_below(Database& database, std::string_view folder);

}  // namespace changeling::store
