#include "store/sql.hpp"

#include <fmt/format.h>

#include "support/text.hpp"

namespace changeling::store {

void Sql::append(const Sql& other) {
  text += other.text;
  values.insert(values.end(), other.values.begin(), other.values.end());
}

Statement Sql::prepare(Database& database) const {
  Statement statement = database.prepare(text);
  for (const auto& value : values) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(*number);
    } else {
      statement.bind(std::get<std::string>(value));
    }
  }
  return statement;
}

Sql all_of(const std::vector<Sql>& conditions) {
  Sql sql;
  for (const Sql& condition : conditions) {
    if (!sql.text.empty()) sql.text += " AND ";
    sql.append(condition);
  }
  if (sql.text.empty()) sql.text = "1";
  return sql;
}

std::string match_expression(const std::string& text) {
  std::string expression;
  for (const std::string& word : split(text, ' ')) {
    if (trim(word).empty()) continue;
    std::string quoted;
    for (const char letter : word) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    expression += fmt::format("{}\"{}\"*", expression.empty() ? "" : " ", quoted);
  }
  return expression;
}

}  // namespace changeling::store
