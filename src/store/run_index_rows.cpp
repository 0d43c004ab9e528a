#include "store/run_index_rows.hpp"

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
void bind_columns(Statement& statement, const RunRecord& run) {
  statement.bind(run.changeling)
      .bind(std::int64_t{run.task.empty() ? 1 : 0})
      .bind(run.trigger)
      .bind(static_cast<std::int64_t>(run.status));
  if (run.outcome) {
    statement.bind(static_cast<std::int64_t>(*run.outcome));
  } else {
    statement.bind_null();
  }
  statement.bind(static_cast<std::int64_t>(verdict_of(run))).bind(milliseconds(run.started_at));
  bind_time(statement, run.ended_at);
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
      .bind(run.patch_id);
}

std::optional<std::int64_t> number_of(Database& database, const std::string& id) {
  Statement statement = database.prepare("SELECT number FROM runs WHERE id = ?");
  statement.bind(id);
  return statement.next() ? std::optional(statement.integer(0)) : std::nullopt;
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

void RunRows::put(const RunRecord& run) {
  auto number = number_of(database_, run.id);
  if (number) {
    Statement statement = database_.prepare(
        "UPDATE runs SET changeling = ?, is_own = ?, trigger = ?, status = ?, outcome = ?, verdict = ?, "
        "started_at = ?, ended_at = ?, expires_at = ?, scheduled_for = ?, cost = ?, counted = ?, target = ?, "
        "pull_request = ?, request_is_open = ?, branch = ?, patch_id = ? WHERE number = ?");
    bind_columns(statement, run);
    statement.bind(*number).run();
  } else {
    Statement statement = database_.prepare(
        "INSERT INTO runs(changeling, is_own, trigger, status, outcome, verdict, started_at, ended_at, "
        "expires_at, scheduled_for, cost, counted, target, pull_request, request_is_open, branch, patch_id, "
        "id) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    bind_columns(statement, run);
    statement.bind(run.id).run();
    number = database_.last_row();
  }
  put_words(database_, *number, run);
}

void RunRows::remove(const std::string& id) {
  const auto number = number_of(database_, id);
  if (!number) return;
  database_.prepare("DELETE FROM run_words WHERE rowid = ?").bind(*number).run();
  database_.prepare("DELETE FROM runs WHERE number = ?").bind(*number).run();
}

}  // namespace changeling::store
