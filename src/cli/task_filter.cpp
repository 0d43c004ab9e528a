#include "cli/task_filter.hpp"

#include <fmt/format.h>

#include "cli/syntax.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {

void TaskFilter::declare(Syntax& syntax) {
  syntax
      .repeatable("--status", statuses_,
                  "Only in this status (inbox|planning|ready|in_flight|review|done|blocked)")
      .value_name("STATUS");
  syntax.value("--role", role_, "Only of this role").value_name("ROLE");
  syntax.repeatable("--label", labels_, "Only with this label").value_name("LABEL");
}

store::TaskQuery TaskFilter::query() const {
  store::TaskQuery query;
  query.limit = 0;
  for (const std::string& words : statuses_) {
    for (const std::string& word : split(words, ',')) {
      if (to_lower(trim(word)) == "dropped") {
        throw Error(ErrorKind::Usage, "--status: dropped tasks are done; a status of their own they have not",
                    "see: git changeling task list --status done; it says which ones are dropped");
      }
      try {
        query.statuses.push_back(queue::parse_status(word));
      } catch (const Error& error) {
        throw Error(ErrorKind::Usage, fmt::format("--status: {}", error.what()), error.hint());
      }
    }
  }
  query.role = role_;
  query.labels = labels_;
  return query;
}

}  // namespace changeling::cli
