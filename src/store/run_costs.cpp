#include "store/run_costs.hpp"

#include <algorithm>

#include "store/record_index.hpp"
#include "store/run_index_query.hpp"

namespace changeling::store {
namespace {

/// SQLite binds a limited number of values (https://sqlite.org/limits.html#max_variable_number).
constexpr std::size_t most_at_once = 500;

void add_costs(RecordIndex& index, const std::vector<std::string>& ids, RunCosts& costs) {
  index.with_database([&](Database& database) {
    Sql sql{"SELECT count(*), coalesce(sum(cost IS NULL), 0), total(cost) FROM runs WHERE id ", {}};
    sql.append(among(ids));
    Statement statement = sql.prepare(database);
    if (!statement.next()) return;
    costs.runs += statement.integer(0);
    costs.untold += statement.integer(1);
    costs.usd += statement.real(2);
  });
}

}  // namespace

RunCosts costs_of_runs(RecordIndex& index, const std::vector<std::string>& ids) {
  RunCosts costs;
  for (std::size_t from = 0; from < ids.size(); from += most_at_once) {
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = ids.begin() + static_cast<std::ptrdiff_t>(std::min(from + most_at_once, ids.size()));
    add_costs(index, {first, last}, costs);
  }
  return costs;
}

}  // namespace changeling::store
