#include "store/damaged.hpp"

#include <fmt/format.h>

#include "store/record_size.hpp"
#include "store/sqlite.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

/// Whether the record is at fault, and not this machine or this program.
bool is_damage(const Error& error) {
  return error.kind() == ErrorKind::Invalid || error.kind() == ErrorKind::Git;
}

/// Paths and contents of damaged records need not be text.
Damaged describe(const std::string& path, const Error& error) {
  std::string_view reason = error.what();
  // What reads a single record names it; here the path stands by itself.
  if (reason.starts_with(path + ":")) reason.remove_prefix(path.size() + 1);
  return {valid_utf8(path), valid_utf8(trim(reason))};
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorKind::Invalid, reason);
}

}  // namespace

std::optional<std::string> read_record(const Snapshot& snapshot, const std::string& path) {
  if (!snapshot.tree()) return std::nullopt;
  const git::Repository& repository = snapshot.repository();
  const auto kind = repository.entry_kind(*snapshot.tree(), path);
  if (!kind) return std::nullopt;
  if (*kind == git::EntryKind::Folder) refuse("it is a folder, not a file");
  if (*kind == git::EntryKind::Link) refuse("it is a symbolic link, not a file");
  if (*kind == git::EntryKind::Submodule) refuse("it is a submodule, not a file");
  auto text = repository.read_file(*snapshot.tree(), path);
  if (text && trim(*text).empty()) refuse("it is empty");
  if (text) check_record_size(*text);
  return text;
}

std::string place_of(const Snapshot& snapshot, const std::string& path) {
  return fmt::format("{}:{}", snapshot.commit() ? snapshot.commit()->short_hex() : "state", path);
}

Error damaged_error(const Snapshot& snapshot, const Damaged& damaged) {
  const std::string commit = snapshot.commit() ? snapshot.commit()->short_hex() : "HEAD";
  return {ErrorKind::Invalid,
          fmt::format("{} cannot be read: {}", place_of(snapshot, damaged.path), damaged.reason),
          fmt::format("look at it: git show {}; who wrote it: git log -1 --format=%h {} -- {}; take "
                      "that commit back: git changeling undo COMMIT",
                      shell_quote(commit + ":" + damaged.path), commit, shell_quote(damaged.path))};
}

bool read_or_note(const std::string& path, DamagedRecords* damaged, const std::function<void()>& read) {
  try {
    read();
    return true;
  } catch (const SqliteFailure&) {
    // Of the index, and no matter of the record.
    throw;
  } catch (const Error& error) {
    if (!is_damage(error)) throw;
    if (damaged != nullptr) damaged->push_back(describe(path, error));
  } catch (const std::exception& error) {
    // Whatever a library makes of it, the other records can be read.
    if (damaged != nullptr) damaged->push_back(describe(path, Error(ErrorKind::Invalid, error.what())));
  }
  return false;
}

void note_stray(const std::string& path, std::string_view kind, DamagedRecords* damaged) {
  if (damaged != nullptr) damaged->push_back({valid_utf8(path), fmt::format("not the place of {}", kind)});
}

void read_or_explain(const Snapshot& snapshot, const std::string& path, const std::function<void()>& read) {
  DamagedRecords damaged;
  if (!read_or_note(path, &damaged, read)) throw damaged_error(snapshot, damaged.front());
}

}  // namespace changeling::store
