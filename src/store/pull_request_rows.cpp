#include "store/pull_request_rows.hpp"

namespace changeling::store {

void PullRequestRows::read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) {
  const std::string text = changed_text(snapshot, change);
  put(parse_pull_request(text, std::stoll(id), change.path), change.after.value());
}

void PullRequestRows::put(const PullRequestRecord& pull, const git::ObjectId& blob) {
  const std::string hex = blob.hex();
  database_
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

void PullRequestRows::remove(const std::string& id) {
  database_.prepare("DELETE FROM pulls WHERE number = ?").bind(std::int64_t{std::stoll(id)}).run();
}

}  // namespace changeling::store
