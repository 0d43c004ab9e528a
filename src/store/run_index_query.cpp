#include "store/run_index_query.hpp"

#include <fmt/format.h>

namespace changeling::store {
namespace {

template <typename Value>
Sql list_of(const std::vector<Value>& values) {
  Sql sql{"IN (", {}};
  for (const Value& value : values) {
    sql.text += sql.values.empty() ? "?" : ", ?";
    sql.values.emplace_back(value);
  }
  sql.text += ")";
  return sql;
}

std::vector<Sql> conditions_of(const RunQuery& query) {
  std::vector<Sql> conditions;
  if (!query.changeling.empty()) conditions.push_back({"changeling = ?", {query.changeling}});
  if (query.outcome) conditions.push_back({"outcome = ?", {static_cast<std::int64_t>(*query.outcome)}});
  if (query.lost_at) conditions.push_back({"status = 0 AND expires_at < ?", {milliseconds(*query.lost_at)}});
  if (query.failed) conditions.push_back({"has_failed = 1", {}});
  if (!query.trigger.empty()) conditions.push_back({"trigger = ?", {query.trigger}});
  if (!query.task.empty()) conditions.push_back({"task != '' AND task = ?", {query.task}});
  if (query.since) conditions.push_back({"started_at >= ?", {milliseconds(*query.since)}});
  if (query.until) conditions.push_back({"started_at < ?", {milliseconds(*query.until)}});
  if (const std::string expression = match_expression(query.text); !expression.empty())
    conditions.push_back({"number IN (SELECT rowid FROM run_words WHERE run_words MATCH ?)", {expression}});
  return conditions;
}

Sql with_condition(std::string text, const Sql& condition) {
  Sql sql{std::move(text), {}};
  sql.append(condition);
  return sql;
}

std::string end_of(const std::string& branch) {
  return branch.substr(branch.rfind('/') + 1);
}

}  // namespace

Sql among(const std::vector<std::int64_t>& numbers) {
  return list_of(numbers);
}

Sql among(const std::vector<std::string>& texts) {
  return list_of(texts);
}

Sql found_runs(const RunQuery& query) {
  std::vector<Sql> conditions = conditions_of(query);
  if (query.after) {
    const std::int64_t started = milliseconds(query.after->started_at);
    conditions.push_back(
        {"started_at <= ? AND (started_at < ? OR id < ?)", {started, started, query.after->id}});
  }
  Sql sql = with_condition("SELECT blob FROM runs WHERE ", all_of(conditions));
  sql.append({fmt::format("{} LIMIT ? OFFSET ?", newest_first),
              {query.limit == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(query.limit),
               static_cast<std::int64_t>(query.offset)}});
  return sql;
}

Sql counted_runs(const RunQuery& query) {
  return with_condition("SELECT count(*) FROM runs WHERE ", all_of(conditions_of(query)));
}

Sql runs_of_requests(const std::vector<std::int64_t>& numbers, const std::vector<std::string>& branches) {
  std::vector<std::string> ids;
  for (const std::string& branch : branches) ids.push_back(end_of(branch));
  // UNION, so that each part has its own index.
  Sql sql = with_condition("SELECT blob, id, started_at FROM runs WHERE pull_request ", among(numbers));
  sql.append(with_condition(" UNION SELECT blob, id, started_at FROM runs WHERE branch != '' AND branch ",
                            among(branches)));
  sql.append(with_condition(" UNION SELECT blob, id, started_at FROM runs WHERE id ", among(ids)));
  sql.text += newest_first;
  return sql;
}

Sql runs_around_schedule(const std::string& changeling, Timestamp since) {
  // One statement, so that all of it is of one state; with the indexes named, for the planner knows of no
  // partial one how few rows it holds.
  return {
      fmt::format("WITH latest AS (SELECT max(scheduled_for) AS time FROM runs INDEXED BY own_times WHERE "
                  "is_own = 1 AND changeling = ?1 AND scheduled_for IS NOT NULL), "
                  "start AS (SELECT max(?2, coalesce((SELECT time FROM latest), ?2)) AS time) "
                  "SELECT blob, id, started_at FROM runs INDEXED BY own_times WHERE is_own = 1 AND "
                  "changeling = ?1 AND scheduled_for IS NOT NULL AND scheduled_for = (SELECT time FROM "
                  "latest) "
                  "UNION SELECT blob, id, started_at FROM runs INDEXED BY own_open WHERE is_own = 1 AND "
                  "changeling = ?1 AND status = 0 "
                  "UNION SELECT blob, id, started_at FROM runs INDEXED BY own_ends WHERE is_own = 1 AND "
                  "changeling = ?1 AND status = 1 AND ended_at IS NOT NULL AND ended_at > (SELECT time "
                  "FROM start){}",
                  newest_first),
      {changeling, milliseconds(since)}};
}

Sql target_rows(const std::string& changeling, Timestamp since, const std::vector<std::int64_t>& requests) {
  Sql sql{
      "SELECT target, coalesce(ended_at, started_at), pull_request, status, verdict FROM runs "
      "INDEXED BY own_targets WHERE is_own = 1 AND target != '' AND changeling = ? AND target IN ("
      "SELECT target FROM runs INDEXED BY own_target_ends WHERE is_own = 1 AND target != '' AND "
      "changeling = ? AND coalesce(ended_at, started_at) >= ? "
      "UNION SELECT target FROM runs WHERE is_own = 1 AND target != '' AND changeling = ? AND pull_request ",
      {changeling, changeling, milliseconds(since), changeling}};
  sql.append(among(requests));
  sql.text += fmt::format("){}", newest_first);
  return sql;
}

}  // namespace changeling::store
