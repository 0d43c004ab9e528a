#include "store/pull_request_rows.hpp"

namespace changeling::store {

void put_pull_request(Database& database, const PullRequestRecord& pull, const git::ObjectId& blob) {
  const std::string hex = blob.hex();
  database
      .prepare(
          "INSERT OR REPLACE INTO pulls(number, state, changeling, branch, head, patch_id, blob) "
          "VALUES(?, ?, ?, ?, ?, ?, ?)")
      .bind(pull.number)
      .bind(static_cast<std::int64_t>(pull.state))
      .bind(pull.changeling)
      .bind(pull.branch)
      .bind(pull.head)
      .bind(pull.patch_id)
      .bind(hex)
      .run();
}

void remove_pull_request(Database& database, std::int64_t number) {
  database.prepare("DELETE FROM pulls WHERE number = ?").bind(number).run();
}

}  // namespace changeling::store
