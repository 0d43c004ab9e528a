#pragma once

#include <string>

#include "git/repository.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// What the tables of the index hold were before rows are put into them.
enum class Tables { Filled, Empty };

/// The text of a record that a change of the state made or wrote, without a walk to the path where the
/// difference has named the file. Throws Error(Invalid) when there is none.
std::string changed_text(const Snapshot& snapshot, const git::BlobChange& change);

/// The rows of one kind of record in the index, within one transaction.
class RecordRows {
 public:
  RecordRows() = default;
  RecordRows(const RecordRows&) = delete;
  RecordRows& operator=(const RecordRows&) = delete;
  virtual ~RecordRows() = default;

  /// Puts the row of the record that a change of the state made or wrote. Throws for a damaged one.
  virtual void read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) = 0;
  virtual void remove(const std::string& id) = 0;
  /// Brings what is counted over many rows in line with them.
  virtual void finish(Tables before) = 0;
};

}  // namespace changeling::store
