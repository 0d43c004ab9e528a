#pragma once

#include "store/pull_request_record.hpp"
#include "store/record_rows.hpp"
#include "store/sqlite.hpp"

namespace changeling::store {

/// Writes pull requests of the local forge into the index's table, inside a transaction of the caller.
class PullRequestRows : public RecordRows {
 public:
  explicit PullRequestRows(Database& database) : database_(database) {}

  void read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) override;
  /// `blob` holds the record.
  void put(const PullRequestRecord& pull, const git::ObjectId& blob);
  void remove(const std::string& id) override;
  void finish(Tables) override {}

 private:
  Database& database_;
};

}  // namespace changeling::store
