#include "run/request_body.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/reference_guard.hpp"

namespace changeling::run {

forge::BodyContent request_body(const store::RunRecord& record, const WorkText& text,
                                const Definition& definition, Duration duration) {
  forge::BodyContent content;
  content.summary = text.description.empty() ? text.summary : text.description;
  if (!record.task.empty()) content.summary += fmt::format("\n\nTask: `{}`", record.task);
  content.verification = record.verification;
  content.refused = record.refused;
  for (const store::MovedReference& moved : record.moved_refs)
    if (is_worth_a_look(moved)) content.moved.push_back(describe(moved));
  content.walls = store::describe(record.walls);
  content.agent = record.agent;
  content.duration = duration;
  content.turns = record.turns;
  content.tokens = record.tokens;
  content.cost_usd = record.cost_usd;
  content.changeling = record.changeling;
  content.run = record.id;
  content.patch_id = record.patch_id;
  content.title = pull_request_title(definition, text.summary);
  return content;
}

bool is_verified(const store::RunRecord& record) {
  return std::all_of(record.verification.begin(), record.verification.end(),
                     [](const auto& result) { return result.passed; });
}

bool needs_a_look(const store::RunRecord& record) {
  const bool unchecked = !record.refused.empty() && record.verification.empty();
  return unchecked || std::any_of(record.moved_refs.begin(), record.moved_refs.end(), is_worth_a_look);
}

}  // namespace changeling::run
