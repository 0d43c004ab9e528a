#include "store/run_sums.hpp"

#include "store/record_index.hpp"
#include "store/run_index_query.hpp"

namespace changeling::store {
namespace {

Sql sums_of(const SumQuery& query) {
  Sql sql{
      "SELECT changeling, date(started_at / 1000, 'unixepoch', 'localtime') AS day, status, outcome, "
      "count(*), "
      "total(cost), sum(cost IS NULL), coalesce(sum(duration), 0) FROM runs "
      "WHERE started_at >= ? AND started_at < ?",
      {milliseconds(query.since), milliseconds(query.until)}};
  if (!query.changelings.empty()) {
    sql.text += " AND changeling ";
    sql.append(among(query.changelings));
  }
  sql.text += " GROUP BY day, changeling, status, outcome ORDER BY day, changeling, status, outcome";
  return sql;
}

RunSum sum_in(const Statement& row) {
  RunSum sum;
  sum.changeling = row.text(0);
  sum.day = row.text(1);
  if (row.integer(2) != 0 && !row.is_null(3)) sum.outcome = static_cast<Outcome>(row.integer(3));
  sum.runs = row.integer(4);
  sum.cost_usd = row.real(5);
  sum.untold = row.integer(6);
  sum.duration = Duration(row.integer(7));
  return sum;
}

}  // namespace

std::vector<RunSum> run_sums(RecordIndex& index, const SumQuery& query) {
  return index.with_database([&](Database& database) {
    const Sql sql = sums_of(query);
    Statement statement = sql.prepare(database);
    std::vector<RunSum> sums;
    while (statement.next()) sums.push_back(sum_in(statement));
    return sums;
  });
}

}  // namespace changeling::store
