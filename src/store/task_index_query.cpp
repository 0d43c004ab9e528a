#include "store/task_index_query.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changeling::store {
namespace {

constexpr std::string_view order = "ORDER BY priority DESC, created_at, id";
constexpr std::string_view columns = "SELECT number, id, priority, created_at";

/// A label on fewer tasks than this is looked up first; a common one is checked while walking in order.
constexpr std::int64_t rare = 500;

/// Where the rows come from, and what else they must fulfil ("a AND b", never empty).
struct Source {
  Sql from;
  Sql where;
};

bool is_rare(Database& database, const std::string& label) {
  Statement statement =
      database.prepare("SELECT count(*) FROM (SELECT 1 FROM labels WHERE label = ? LIMIT ?)");
  statement.bind(label).bind(rare);
  return statement.next() && statement.integer(0) < rare;
}

Sql has_label(const std::string& label) {
  return {"EXISTS (SELECT 1 FROM labels WHERE labels.label = ? AND labels.task = number)", {label}};
}

/// The first label that few tasks have, or nothing.
std::optional<std::string> rare_label(Database& database, const std::vector<std::string>& labels) {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const std::string& label) { return is_rare(database, label); });
  return found == labels.end() ? std::nullopt : std::optional(*found);
}

std::vector<Sql> label_conditions(const std::vector<std::string>& labels) {
  std::vector<Sql> conditions;
  for (const std::string& label : labels) conditions.push_back(has_label(label));
  return conditions;
}

/// What holds for each task that a claim may take, apart from the role that the index is walked by.
std::vector<Sql> filter_conditions(const queue::ClaimFilter& filter) {
  std::vector<Sql> conditions = label_conditions(filter.labels);
  for (const std::string& role : filter.except_roles) conditions.push_back({"role != ?", {role}});
  return conditions;
}

Sql from_label(const std::string& label) {
  return {
      "FROM (SELECT task FROM labels WHERE labels.label = ?) AS labelled CROSS JOIN tasks ON number = task",
      {label}};
}

Sql status_in(const std::vector<queue::TaskStatus>& statuses) {
  std::string list;
  for (const auto status : statuses)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", static_cast<int>(status));
  return {fmt::format("status IN ({})", list), {}};
}

/// What a listing asks for apart from the status.
std::vector<Sql> conditions_of(const TaskQuery& query) {
  std::vector<Sql> conditions = label_conditions(query.labels);
  if (!query.role.empty()) conditions.push_back({"role = ?", {query.role}});
  if (query.priority) conditions.push_back({"priority = ?", {static_cast<std::int64_t>(*query.priority)}});
  if (!query.assignee.empty()) conditions.push_back({"assignee = ?", {query.assignee}});
  if (query.unblocked_at) {
    conditions.push_back({"open_blockers = 0 AND (opens_at <= ? OR status = 5)",
                          {std::int64_t{query.unblocked_at->time_since_epoch().count()}}});
  }
  return conditions;
}

/// Behind the place, in the order of the rows. The first term is for the planner.
Sql comes_after(const TaskPosition& place) {
  const auto priority = static_cast<std::int64_t>(place.priority);
  const std::int64_t created{place.created_at.time_since_epoch().count()};
  return {"priority <= ? AND (priority < ? OR created_at > ? OR (created_at = ? AND id > ?))",
          {priority, priority, created, created, place.id}};
}

/// The conditions of the rows of a page.
std::vector<Sql> page_conditions(const TaskQuery& query) {
  std::vector<Sql> conditions = conditions_of(query);
  if (query.after) conditions.push_back(comes_after(*query.after));
  return conditions;
}

/// A source that holds only few rows, when the query names something selective.
std::optional<Source> selective_source(Database& database, const TaskQuery& query,
                                       std::vector<Sql> conditions) {
  if (!query.statuses.empty()) conditions.push_back(status_in(query.statuses));
  if (const std::string expression = match_expression(query.text); !expression.empty()) {
    return Source{
        {"FROM (SELECT rowid AS found FROM words WHERE words MATCH ?) CROSS JOIN tasks ON number = found",
         {expression}},
        all_of(conditions)};
  }
  if (const auto label = rare_label(database, query.labels))
    return Source{from_label(*label), all_of(conditions)};
  return std::nullopt;
}

Sql select(const Source& source, std::int64_t limit, std::int64_t offset) {
  Sql sql{fmt::format("{} ", columns), {}};
  sql.append(source.from);
  sql.text += " WHERE ";
  sql.append(source.where);
  sql.append({fmt::format(" {} LIMIT ? OFFSET ?", order), {limit, offset}});
  return sql;
}

/// Rows of several ordered selections, merged into one order.
Sql merge(const std::vector<Sql>& selections, std::int64_t limit, std::int64_t offset) {
  Sql sql{fmt::format("{} FROM (", columns), {}};
  for (std::size_t index = 0; index < selections.size(); ++index) {
    sql.text += index == 0 ? "SELECT * FROM (" : " UNION ALL SELECT * FROM (";
    sql.append(selections[index]);
    sql.text += ")";
  }
  sql.append({fmt::format(") {} LIMIT ? OFFSET ?", order), {limit, offset}});
  return sql;
}

}  // namespace

Sql claimable_rows(Database& database, const queue::ClaimFilter& filter, Timestamp now, std::size_t limit) {
  const auto most = static_cast<std::int64_t>(limit);
  std::vector<Sql> selections;
  const auto label = rare_label(database, filter.labels);
  const auto add_ready = [&](const std::string& index, std::optional<std::string> role) {
    std::vector<Sql> conditions{{"status = 2 AND open_blockers = 0", {}},
                                {"opens_at <= ?", {std::int64_t{now.time_since_epoch().count()}}}};
    if (role) conditions.push_back({"role = ?", {*role}});
    for (const Sql& condition : filter_conditions(filter)) conditions.push_back(condition);
    const Sql from = label ? from_label(*label) : Sql{"FROM tasks INDEXED BY " + index, {}};
    selections.push_back(select({from, all_of(conditions)}, most, 0));
  };
  if (filter.role.empty()) {
    add_ready("claim_any", std::nullopt);
  } else {
    add_ready("claim_role", "");
    add_ready("claim_role", filter.role);
  }
  const std::int64_t time{now.time_since_epoch().count()};
  std::vector<Sql> expired{
      {"status = 3 AND open_blockers = 0 AND lease_expires <= ? AND opens_at <= ?", {time, time}}};
  if (!filter.role.empty()) expired.push_back({"role IN ('', ?)", {filter.role}});
  for (const Sql& condition : filter_conditions(filter)) expired.push_back(condition);
  selections.push_back(select({{"FROM tasks INDEXED BY leases", {}}, all_of(expired)}, most, 0));
  return merge(selections, most, 0);
}

Sql found_rows(Database& database, const TaskQuery& query) {
  const std::int64_t limit = query.limit == 0 ? -1 : static_cast<std::int64_t>(query.limit);
  const auto offset = static_cast<std::int64_t>(query.offset);
  if (const auto source = selective_source(database, query, page_conditions(query)))
    return select(*source, limit, offset);
  std::vector<queue::TaskStatus> statuses = query.statuses;
  if (statuses.empty()) {
    for (int status = 0; status <= static_cast<int>(queue::TaskStatus::Blocked); ++status)
      statuses.push_back(static_cast<queue::TaskStatus>(status));
  }
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  // Each status is walked in order and only as far as needed; sorting them all would read every row.
  std::vector<Sql> selections;
  for (const auto status : statuses) {
    std::vector<Sql> conditions = page_conditions(query);
    conditions.insert(conditions.begin(), {"status = ?", {static_cast<std::int64_t>(status)}});
    selections.push_back(select({{"FROM tasks INDEXED BY by_status", {}}, all_of(conditions)},
                                limit < 0 ? limit : limit + offset, 0));
  }
  return merge(selections, limit, offset);
}

Sql counted_rows(Database& database, const TaskQuery& query) {
  std::optional<Source> source = selective_source(database, query, conditions_of(query));
  if (!source) {
    std::vector<Sql> conditions = conditions_of(query);
    if (conditions.empty()) {
      const Sql where = query.statuses.empty() ? Sql{"1", {}} : status_in(query.statuses);
      return {fmt::format("SELECT coalesce(sum(tasks), 0) FROM counts WHERE {}", where.text), {}};
    }
    if (!query.statuses.empty()) conditions.push_back(status_in(query.statuses));
    source = Source{{"FROM tasks", {}}, all_of(conditions)};
  }
  Sql sql{"SELECT count(*) ", {}};
  sql.append(source->from);
  sql.text += " WHERE ";
  sql.append(source->where);
  return sql;
}

}  // namespace changeling::store
