#include "store/run_index_rows.hpp"

#include "store/damaged.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

std::int64_t milliseconds(Timestamp time) {
  return time.time_since_epoch().count();
}

void bind_time(Statement& statement, const std::optional<Timestamp>& time) {
  if (time) {
    statement.bind(milliseconds(*time));
  } else {
    statement.bind_null();
  }
}

Verdict verdict_of(const RunRecord& run) {
  if (!run.outcome) return Verdict::None;
  if (is_success(*run.outcome)) return Verdict::Success;
  return is_failure(run) ? Verdict::Failure : Verdict::None;
}

/// All but the id, in the order of the statements below.
void bind_columns(Statement& statement, const RunRecord& run, const std::string& blob) {
  statement.bind(run.changeling)
      .bind(run.task)
      .bind(std::int64_t{run.task.empty() ? 1 : 0})
      .bind(run.trigger)
      .bind(static_cast<std::int64_t>(run.status));
  if (run.outcome) {
    statement.bind(static_cast<std::int64_t>(*run.outcome));
  } else {
    statement.bind_null();
  }
  statement.bind(std::int64_t{run.outcome && !is_success(*run.outcome) ? 1 : 0})
      .bind(static_cast<std::int64_t>(verdict_of(run)))
      .bind(milliseconds(run.started_at));
  bind_time(statement, run.ended_at);
  if (run.duration) {
    statement.bind(std::int64_t{run.duration->count()});
  } else {
    statement.bind_null();
  }
  statement.bind(milliseconds(expiry_of(run)));
  bind_time(statement, run.scheduled_for);
  if (run.cost_usd) {
    statement.bind_real(*run.cost_usd);
  } else {
    statement.bind_null();
  }
  statement.bind_real(counted_cost(run)).bind(run.target);
  if (run.pull_request) {
    statement.bind(run.pull_request->number);
  } else {
    statement.bind_null();
  }
  statement.bind(std::int64_t{run.pull_request && run.pull_request->state == "open" ? 1 : 0})
      .bind(run.branch)
      .bind(run.patch_id)
      .bind(blob);
}

void put_words(Database& database, std::int64_t number, const RunRecord& run) {
  database.prepare("DELETE FROM run_words WHERE rowid = ?").bind(number).run();
  if (run.summary.empty() && run.error.empty()) return;
  database.prepare("INSERT INTO run_words(rowid, summary, error) VALUES(?, ?, ?)")
      .bind(number)
      .bind(run.summary)
      .bind(run.error)
      .run();
}

}  // namespace

std::optional<RunRows::Row> RunRows::find(const std::string& id) {
  Statement statement = database_.prepare("SELECT number, started_at FROM runs WHERE id = ?");
  statement.bind(id);
  if (!statement.next()) return std::nullopt;
  return Row{statement.integer(0), statement.integer(1) / spending_period};
}

void RunRows::read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) {
  const std::string text = changed_text(snapshot, change);
  put(parse_run(text, id, change.path), change.after.value());
}

void RunRows::put(const RunRecord& run, const git::ObjectId& blob) {
  const std::string hex = blob.hex();
  const auto row = find(run.id);
  std::int64_t number = 0;
  if (row) {
    number = row->number;
    changed_periods_.insert(row->period);
    Statement statement = database_.prepare(
        "UPDATE runs SET changeling = ?, task = ?, is_own = ?, trigger = ?, status = ?, outcome = ?, "
        "has_failed = ?, "
        "verdict = ?, "
        "started_at = ?, ended_at = ?, duration = ?, expires_at = ?, scheduled_for = ?, cost = ?, counted = "
        "?, "
        "target = ?, pull_request = ?, request_is_open = ?, branch = ?, patch_id = ?, blob = ? WHERE number "
        "= "
        "?");
    bind_columns(statement, run, hex);
    statement.bind(number).run();
  } else {
    Statement statement = database_.prepare(
        "INSERT INTO runs(changeling, task, is_own, trigger, status, outcome, has_failed, verdict, "
        "started_at, "
        "ended_at, "
        "duration, expires_at, scheduled_for, cost, counted, target, pull_request, request_is_open, branch, "
        "patch_id, blob, id) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    bind_columns(statement, run, hex);
    statement.bind(run.id).run();
    number = database_.last_row();
  }
  changed_periods_.insert(milliseconds(run.started_at) / spending_period);
  put_words(database_, number, run);
}

void RunRows::remove(const std::string& id) {
  const auto row = find(id);
  if (!row) return;
  changed_periods_.insert(row->period);
  database_.prepare("DELETE FROM run_words WHERE rowid = ?").bind(row->number).run();
  database_.prepare("DELETE FROM runs WHERE number = ?").bind(row->number).run();
}

void RunRows::finish(Tables before) {
  if (before == Tables::Empty) {
    sum_all();
  } else {
    sum_changed();
  }
  changed_periods_.clear();
}

void RunRows::sum_changed() {
  for (const std::int64_t period : changed_periods_) {
    database_.prepare("DELETE FROM run_spending WHERE period = ?").bind(period).run();
    // Added up anew: what is added and taken away again does not come out even.
    database_
        .prepare(
            "INSERT INTO run_spending(period, told, counted) SELECT ?1, total(cost), total(counted) FROM "
            "runs "
            "INDEXED BY runs_by_time WHERE started_at >= ?1 * ?2 AND started_at < (?1 + 1) * ?2")
        .bind(period)
        .bind(spending_period)
        .run();
  }
}

void RunRows::sum_all() {
  Statement statement = database_.prepare(
      "INSERT INTO run_spending(period, told, counted) SELECT started_at / ?1, total(cost), total(counted) "
      "FROM runs GROUP BY started_at / ?1");
  statement.bind(spending_period).run();
}

}  // namespace changeling::store
