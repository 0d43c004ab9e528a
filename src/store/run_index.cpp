#include "store/run_index.hpp"

#include <fmt/format.h>

#include <set>

#include "store/record_index.hpp"
#include "store/records.hpp"
#include "store/run_archive.hpp"
#include "store/run_index_query.hpp"
#include "store/run_index_rows.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

/// "SELECT blob FROM runs WHERE …", newest first.
Sql runs_where(const std::string& condition, std::vector<std::variant<std::int64_t, std::string>> values) {
  return {fmt::format("SELECT blob FROM runs WHERE {}{}", condition, newest_first), std::move(values)};
}

Timestamp time_at(const Statement& statement, int column) {
  return Timestamp(Duration(statement.integer(column)));
}

}  // namespace

RunIndex::RunIndex(const Store& store, std::filesystem::path file)
    : RunIndex(std::make_shared<RecordIndex>(store, std::move(file))) {}
RunIndex::RunIndex(std::shared_ptr<RecordIndex> base) : base_(std::move(base)) {}

Snapshot RunIndex::follow() {
  followed_ = base_->follow();
  spent_.clear();
  return *followed_;
}

std::vector<std::string> RunIndex::texts(const Sql& sql) const {
  return base_->with_database([&](Database& database) {
    std::vector<std::string> found;
    Statement statement = sql.prepare(database);
    while (statement.next()) found.push_back(statement.text(0));
    return found;
  });
}

std::vector<RunRecord> RunIndex::records(const Sql& sql) const {
  const Snapshot snapshot = followed_ ? *followed_ : base_->store().snapshot();
  std::vector<RunRecord> runs;
  for (const std::string& blob : texts(sql)) {
    // One whose state was replaced and collected since is left out.
    read_or_note(blob, nullptr, [&] {
      const std::string text = snapshot.repository().read_blob(git::ObjectId::from_hex(blob));
      runs.push_back(run_from_json(parse_json(text, blob), blob));
    });
  }
  return runs;
}

std::optional<RunRecord> RunIndex::first(const Sql& sql) const {
  Sql one = sql;
  one.text += " LIMIT 1";
  auto runs = records(one);
  return runs.empty() ? std::nullopt : std::optional(std::move(runs.front()));
}

std::vector<RunRecord> RunIndex::open() const {
  return records(
      {fmt::format("SELECT blob FROM runs INDEXED BY open_runs WHERE status = 0{}", newest_first), {}});
}

std::optional<RunRecord> RunIndex::newest(const std::string& changeling) const {
  return first(runs_where("changeling = ?", {changeling}));
}

FailureRow RunIndex::failures_in_a_row(const std::string& changeling) const {
  return base_->with_database([&](Database& database) {
    FailureRow row;
    Statement statement = database.prepare(fmt::format(
        "SELECT verdict, number FROM runs INDEXED BY own_finished WHERE is_own = 1 AND status = 1 "
        "AND changeling = ?{}",
        newest_first));
    statement.bind(changeling);
    std::optional<std::int64_t> newest;
    while (statement.next()) {
      const auto verdict = static_cast<Verdict>(statement.integer(0));
      if (verdict == Verdict::Success) break;
      if (verdict != Verdict::Failure) continue;
      if (++row.failures == 1) newest = statement.integer(1);
    }
    if (!newest) return row;
    Statement end = database.prepare("SELECT coalesce(ended_at, started_at) FROM runs WHERE number = ?");
    end.bind(*newest);
    if (end.next()) row.newest_end = time_at(end, 0);
    return row;
  });
}

Spending RunIndex::spending(Timestamp since, const std::optional<std::string>& changeling) const {
  const std::pair key(since, changeling.value_or(""));
  if (const auto known = spent_.find(key); known != spent_.end()) return known->second;
  return spent_[key] = base_->with_database([&](Database& database) {
    const std::int64_t start = milliseconds(since);
    Sql sql{"SELECT total(cost), total(counted) FROM runs INDEXED BY runs_by_time WHERE started_at >= ?",
            {start}};
    if (changeling) {
      sql.append({" AND changeling = ?", {*changeling}});
    } else if (start % spending_period == 0) {
      sql = {"SELECT total(told), total(counted) FROM run_spending WHERE period >= ?",
             {start / spending_period}};
    }
    Statement statement = sql.prepare(database);
    return statement.next() ? Spending{statement.real(0), statement.real(1)} : Spending{};
  });
}

double RunIndex::dearest(const std::string& changeling, std::size_t count) const {
  return base_->with_database([&](Database& database) {
    Statement statement = database.prepare(fmt::format(
        "SELECT max(cost) FROM (SELECT cost FROM runs WHERE changeling = ? AND cost IS NOT NULL{} "
        "LIMIT ?)",
        newest_first));
    statement.bind(changeling).bind(static_cast<std::int64_t>(count));
    return statement.next() ? statement.real(0) : 0.0;
  });
}

std::optional<RunRecord> RunIndex::run_for_time(const std::string& changeling, Timestamp scheduled) const {
  return first(
      runs_where("is_own = 1 AND changeling = ? AND scheduled_for IS NOT NULL AND scheduled_for >= ?",
                 {changeling, milliseconds(scheduled)}));
}

std::vector<RunRecord> RunIndex::around_schedule(const std::string& changeling, Timestamp since) const {
  return records(runs_around_schedule(changeling, since));
}

std::vector<FinishedRun> RunIndex::last_finished(const std::string& changeling, std::size_t count) const {
  return base_->with_database([&](Database& database) {
    Statement statement = database.prepare(
        fmt::format("SELECT duration, cost FROM runs INDEXED BY own_finished WHERE is_own = 1 AND status = 1 "
                    "AND changeling = ?{} LIMIT ?",
                    newest_first));
    statement.bind(changeling).bind(static_cast<std::int64_t>(count));
    std::vector<FinishedRun> runs;
    while (statement.next()) {
      FinishedRun& run = runs.emplace_back();
      if (!statement.is_null(0)) run.duration = Duration(statement.integer(0));
      if (!statement.is_null(1)) run.cost_usd = statement.real(1);
    }
    return runs;
  });
}

std::vector<RunRecord> RunIndex::of_task(const std::string& task) const {
  return records({fmt::format("SELECT blob FROM runs INDEXED BY run_tasks WHERE task != '' AND task = ?{}",
                              newest_first),
                  {task}});
}

std::vector<RunRecord> RunIndex::of_requests(const std::vector<std::int64_t>& numbers,
                                             const std::vector<std::string>& branches) const {
  return records(runs_of_requests(numbers, branches));
}

std::vector<std::int64_t> RunIndex::requests_noted_open(const std::string& changeling) const {
  return base_->with_database([&](Database& database) {
    Statement statement = database.prepare(fmt::format(
        "SELECT pull_request FROM runs WHERE changeling = ? AND request_is_open = 1{}", newest_first));
    statement.bind(changeling);
    std::vector<std::int64_t> numbers;
    std::set<std::int64_t> seen;
    while (statement.next()) {
      if (seen.insert(statement.integer(0)).second) numbers.push_back(statement.integer(0));
    }
    return numbers;
  });
}

std::vector<std::int64_t> RunIndex::requests_of_changes(const std::vector<std::string>& patch_ids) const {
  return base_->with_database([&](Database& database) {
    Sql sql{
        "SELECT DISTINCT pull_request FROM runs WHERE patch_id != '' AND pull_request IS NOT NULL AND "
        "patch_id ",
        {}};
    sql.append(among(patch_ids));
    Statement statement = sql.prepare(database);
    std::vector<std::int64_t> numbers;
    while (statement.next()) numbers.push_back(statement.integer(0));
    return numbers;
  });
}

bool RunIndex::has_targets(const std::string& changeling) const {
  return base_->with_database([&](Database& database) {
    Statement statement =
        database.prepare("SELECT 1 FROM runs WHERE is_own = 1 AND target != '' AND changeling = ? LIMIT 1");
    statement.bind(changeling);
    return statement.next();
  });
}

std::vector<TargetTry> RunIndex::target_tries(const std::string& changeling, Timestamp since,
                                              const std::vector<std::int64_t>& requests) const {
  return base_->with_database([&](Database& database) {
    const Sql sql = target_rows(changeling, since, requests);
    Statement statement = sql.prepare(database);
    std::vector<TargetTry> tries;
    while (statement.next()) {
      TargetTry made{statement.text(0), time_at(statement, 1), std::nullopt, false};
      if (statement.integer(3) == static_cast<std::int64_t>(RunStatus::Finished)) {
        if (!statement.is_null(2)) made.pull_request = statement.integer(2);
        made.failed = statement.integer(4) == static_cast<std::int64_t>(Verdict::Failure);
      }
      tries.push_back(std::move(made));
    }
    return tries;
  });
}

RunRecord RunIndex::find(const std::string& prefix) const {
  const Snapshot snapshot = followed_ ? *followed_ : base_->store().snapshot();
  if (auto run = read_run(snapshot, prefix)) return *run;
  // After everything an id can contain.
  auto matches =
      prefix.empty()
          ? std::vector<std::string>{}
          : texts({"SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id", {prefix, prefix + "\x7f"}});
  // Asked for by its beginning, a damaged record counts as well.
  for (const Damaged& damaged : unreadable()) {
    const auto id = run_id_of(damaged.path);
    if (id && !prefix.empty() && id->starts_with(prefix)) matches.push_back(*id);
  }
  if (matches.size() == 1) {
    if (auto run = read_run(snapshot, matches.front())) return *run;
  }
  const auto archived = matches.empty() && !prefix.empty() ? find_archived_runs(snapshot, prefix, 100)
                                                           : std::vector<RunRecord>{};
  if (archived.size() == 1) return archived.front();
  for (const RunRecord& run : archived) {
    if (run.id == prefix) return run;
    matches.push_back(run.id);
  }
  if (matches.size() > 1) {
    throw Error(ErrorKind::Usage,
                fmt::format("'{}' is the start of {} runs, such as {} and {}", prefix, matches.size(),
                            matches[0], matches[1]),
                "write more of the run's id");
  }
  throw Error(ErrorKind::NotFound, fmt::format("there is no run '{}'", prefix),
              "see: git changeling runs list");
}

std::vector<RunRecord> RunIndex::page(const RunQuery& query) const {
  return records(found_runs(query));
}

std::size_t RunIndex::count(const RunQuery& query) const {
  return base_->with_database([&](Database& database) {
    const Sql sql = counted_runs(query);
    Statement statement = sql.prepare(database);
    return statement.next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
  });
}

std::vector<std::string> RunIndex::changelings() const {
  // Each name is looked for behind the one before: all rows would be walked otherwise.
  return texts(
      {"WITH RECURSIVE names(name) AS (SELECT min(changeling) FROM runs UNION ALL SELECT (SELECT "
       "min(changeling) FROM runs WHERE changeling > name) FROM names WHERE name IS NOT NULL) "
       "SELECT name FROM names WHERE name IS NOT NULL",
       {}});
}

DamagedRecords RunIndex::unreadable() const {
  return base_->with_database([](Database& database) { return unreadable_below(database, runs_folder); });
}

}  // namespace changeling::store
