#include "cli/task_filter.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/option_kinds.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {

void TaskFilter::declare(CLI::App& app) {
  repeatable(app, "--status", statuses_,
             "Only in this status (inbox|planning|ready|in_flight|review|done|blocked)")
      ->type_name("STATUS");
  app.add_option("--role", role_, "Only of this role")->type_name("ROLE");
  repeatable(app, "--label", labels_, "Only with this label")->type_name("LABEL");
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
