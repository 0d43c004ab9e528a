#include "store/record_index.hpp"

#include <fmt/format.h>

#include "store/damaged.hpp"
#include "store/record_kinds.hpp"
#include "store/record_rows.hpp"
#include "support/error.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

/// Which state the tables describe. Empty texts: none.
struct Known {
  std::string commit;
  std::string tree;
};

std::string state_value(Database& database, std::string_view key) {
  Statement statement = database.prepare("SELECT value FROM state WHERE key = ?");
  statement.bind(key);
  return statement.next() ? statement.text(0) : "";
}

Known read_known(Database& database) {
  return {state_value(database, "commit"), state_value(database, "tree")};
}

std::string hex_or_empty(const std::optional<git::ObjectId>& id) {
  return id ? id->hex() : "";
}

void write_known(Database& database, const Known& known) {
  for (const auto& [key, value] : {std::pair("commit", known.commit), std::pair("tree", known.tree)})
    database.prepare("INSERT OR REPLACE INTO state(key, value) VALUES(?, ?)").bind(key).bind(value).run();
}

void note_unreadable(Database& database, const DamagedRecords& damaged) {
  for (const Damaged& record : damaged) {
    database.prepare("INSERT OR REPLACE INTO unreadable(path, reason) VALUES(?, ?)")
        .bind(record.path)
        .bind(record.reason)
        .run();
  }
}

/// One kind of record that the index knows, while its rows are written.
struct Indexed {
  const RecordKind* kind = nullptr;
  std::unique_ptr<RecordRows> rows;
  std::vector<git::BlobChange> changes;
  std::size_t strays = 0;  ///< Files that no record can be at.
};

std::vector<Indexed> indexed_kinds(Database& database) {
  std::vector<Indexed> indexed;
  for (const RecordKind* kind : record_kinds()) {
    if (kind->rows != nullptr) indexed.push_back({kind, kind->rows(database), {}});
  }
  return indexed;
}

/// One damaged record must not take the others down: it is noted, and whoever asks for it is told. The row of
/// one that could not be put is removed.
void put_or_note(Database& database, Indexed& indexed, const Snapshot& snapshot,
                 const git::BlobChange& change) {
  const auto id = indexed.kind->id_at(change.path);
  if (!id && ++indexed.strays > most_strays) return;
  database.prepare("DELETE FROM unreadable WHERE path = ?").bind(valid_utf8(change.path)).run();
  const bool is_gone = !change.after && !change.oddity;
  DamagedRecords damaged;
  if (!id && !is_gone) note_stray(change.path, indexed.kind->name, &damaged);
  const bool is_put = id && !is_gone &&
                      read_or_note(change.path, &damaged, [&] { indexed.rows->read(snapshot, change, *id); });
  if (id && !is_put) indexed.rows->remove(*id);
  note_unreadable(database, damaged);
}

/// A kind with more files than can be read is left out from there on, and noted; the others go on.
void each_change(Database& database, const Indexed& indexed, const Snapshot& snapshot,
                 const std::optional<git::ObjectId>& from,
                 const std::function<void(const git::BlobChange&)>& on_change) {
  const std::string folder(indexed.kind->folder);
  try {
    snapshot.repository().compare_trees(from, snapshot.tree(), folder, on_change);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Invalid) throw;
    note_unreadable(database, {{folder, error.what()}});
  }
}

/// Adds all rows of a state to empty tables.
void fill(Database& database, const Snapshot& snapshot) {
  clear_tables(database);
  drop_secondary_indexes(database);
  auto all = indexed_kinds(database);
  for (Indexed& indexed : all) {
    each_change(database, indexed, snapshot, std::nullopt,
                [&](const git::BlobChange& change) { put_or_note(database, indexed, snapshot, change); });
  }
  create_secondary_indexes(database);
  for (const Indexed& indexed : all) indexed.rows->finish(Tables::Empty);
}

/// Brings the tables from the state they describe to the snapshot's.
void catch_up(Database& database, const Known& known, const Snapshot& snapshot) {
  const git::Repository& repository = snapshot.repository();
  const auto from = known.tree.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(known.tree));
  if (!from || !repository.has_object(*from)) return fill(database, snapshot);
  auto all = indexed_kinds(database);
  try {
    for (Indexed& indexed : all) {
      each_change(database, indexed, snapshot, from,
                  [&](const git::BlobChange& change) { indexed.changes.push_back(change); });
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Git) throw;
    // Parts of the old state have been collected as garbage.
    return fill(database, snapshot);
  }
  for (Indexed& indexed : all) {
    for (const git::BlobChange& change : indexed.changes) put_or_note(database, indexed, snapshot, change);
    indexed.rows->finish(Tables::Filled);
  }
}

}  // namespace

Snapshot RecordIndex::follow() {
  return with_database([&](Database& database) { return bring_forward(database); });
}

void RecordIndex::advance(const Store::Written& written, const std::function<void(Database&)>& change) {
  try {
    Database& database = file_.database();
    Transaction transaction(database);
    if (state_value(database, "commit") != written.before.hex()) return;
    change(database);
    write_known(database, {written.commit.hex(), store_.tree_of(written.commit).hex()});
    transaction.commit();
  } catch (const std::exception&) {
    // The state is written, which is what counts; only a shortcut was lost. The next follow() finds the
    // difference, or reports why the file cannot be used.
  }
}

void RecordIndex::rebuild() {
  file_.discard();
  follow();
}

Snapshot RecordIndex::bring_forward(Database& database) const {
  Snapshot snapshot = store_.snapshot();
  if (state_value(database, "commit") == hex_or_empty(snapshot.commit()) && snapshot.commit())
    return snapshot;
  Transaction transaction(database);
  // Read again now that nobody else moves the index: it only ever goes forward.
  snapshot = store_.snapshot();
  const Known known = read_known(database);
  const Known wanted{hex_or_empty(snapshot.commit()), hex_or_empty(snapshot.tree())};
  if (known.commit == wanted.commit && snapshot.commit()) return snapshot;
  if (known.tree != wanted.tree || wanted.tree.empty()) catch_up(database, known, snapshot);
  write_known(database, wanted);
  transaction.commit();
  return snapshot;
}

void RecordIndex::mend(const SqliteFailure& failure, int attempt) {
  // A damaged file may turn out to lie on a full disk.
  constexpr int tries = 3;
  if (attempt < tries && failure.is_of_the_disk()) {
    file_.use_memory();
  } else if (attempt == 1 && failure.is_damage()) {
    file_.discard();
  } else {
    explain(failure);
  }
}

void RecordIndex::explain(const SqliteFailure& failure) const {
  if (failure.is_busy()) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("{} stays locked by another process", file_.path().string()),
                "end that process, or delete the file: it is built anew");
  }
  throw Error(ErrorKind::Io, fmt::format("{}: {}", file_.path().string(), failure.what()),
              "the file may be deleted at any time: it is built anew");
}

}  // namespace changeling::store
