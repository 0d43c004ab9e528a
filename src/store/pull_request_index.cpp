#include "store/pull_request_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/record_index.hpp"
#include "store/records.hpp"
#include "store/request_number.hpp"
#include "store/run_index_query.hpp"

namespace changeling::store {
namespace {

/// The index that leaves the fewest rows; named, for the planner knows of no partial one how few it holds.
std::string_view best_index(const OpenRequestQuery& query) {
  if (!query.branches.empty()) return "open_pull_branches";
  if (!query.head.empty()) return "open_pull_heads";
  return query.changeling.empty() ? "open_pull_numbers" : "open_pulls";
}

Sql open_requests(const OpenRequestQuery& query) {
  Sql sql{fmt::format("SELECT number, blob FROM pulls INDEXED BY {} WHERE state = 0", best_index(query)), {}};
  if (!query.changeling.empty()) sql.append({" AND changeling = ?", {query.changeling}});
  if (!query.head.empty()) sql.append({" AND head = ?", {query.head}});
  if (!query.branches.empty()) {
    sql.text += " AND branch ";
    sql.append(among(query.branches));
  }
  sql.text += " ORDER BY number";
  return sql;
}

}  // namespace

PullRequestIndex::PullRequestIndex(const Store& store, std::filesystem::path file)
    : PullRequestIndex(std::make_shared<RecordIndex>(store, std::move(file))) {}
PullRequestIndex::PullRequestIndex(std::shared_ptr<RecordIndex> base) : base_(std::move(base)) {}

Snapshot PullRequestIndex::follow() {
  followed_ = base_->follow();
  return *followed_;
}

std::vector<PullRequestRecord> PullRequestIndex::records(const Sql& sql) const {
  const Snapshot snapshot = followed_ ? *followed_ : base_->store().snapshot();
  const auto rows = base_->with_database([&](Database& database) {
    std::vector<std::pair<std::int64_t, std::string>> found;
    Statement statement = sql.prepare(database);
    while (statement.next()) found.emplace_back(statement.integer(0), statement.text(1));
    return found;
  });
  std::vector<PullRequestRecord> pulls;
  for (const auto& row : rows) {
    const std::string path = pull_request_path(row.first);
    // One whose state was replaced and collected since is left out.
    read_or_note(path, nullptr, [&] {
      const std::string text = snapshot.repository().read_blob(git::ObjectId::from_hex(row.second));
      pulls.push_back(parse_pull_request(text, row.first, path));
    });
  }
  return pulls;
}

std::vector<PullRequestRecord> PullRequestIndex::open(const OpenRequestQuery& query) const {
  return records(open_requests(query));
}

std::vector<PullRequestRecord> PullRequestIndex::newest_ended(std::size_t limit) const {
  return records(
      {"SELECT number, blob FROM pulls INDEXED BY ended_pulls WHERE state != 0 ORDER BY number DESC LIMIT ?",
       {static_cast<std::int64_t>(limit)}});
}

std::map<std::int64_t, PullRequestState> PullRequestIndex::states(
    const std::vector<std::int64_t>& numbers) const {
  return base_->with_database([&](Database& database) {
    std::map<std::int64_t, PullRequestState> found;
    for (const std::int64_t number : numbers) {
      Statement statement = database.prepare("SELECT state FROM pulls WHERE number = ?");
      statement.bind(number);
      if (statement.next()) found[number] = static_cast<PullRequestState>(statement.integer(0));
    }
    return found;
  });
}

std::vector<std::string> PullRequestIndex::rejected_patch_ids(const std::string& changeling) const {
  return base_->with_database([&](Database& database) {
    std::vector<std::string> patches;
    Statement statement = database.prepare(
        "SELECT DISTINCT patch_id FROM pulls WHERE state = 2 AND patch_id != '' AND changeling = ?");
    statement.bind(changeling);
    while (statement.next()) patches.push_back(statement.text(0));
    return patches;
  });
}

std::int64_t PullRequestIndex::next_number() const {
  std::int64_t highest = 0;
  std::int64_t count = 0;
  base_->with_database([&](Database& database) {
    Statement statement = database.prepare("SELECT max(number), count(*) FROM pulls");
    if (!statement.next()) return 0;
    highest = statement.integer(0);
    count = statement.integer(1);
    return 0;
  });
  for (const Damaged& damaged : unreadable())
    highest = std::max(highest, pull_request_number_of(damaged.path).value_or(0));
  return number_after(highest, count);
}

DamagedRecords PullRequestIndex::unreadable() const {
  return base_->with_database(
      [](Database& database) { return unreadable_below(database, pull_requests_folder); });
}

}  // namespace changeling::store
