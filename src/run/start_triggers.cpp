#include "run/start_triggers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "changeling/hook_events.hpp"
#include "changeling/name.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"

namespace changeling::run {
namespace {

std::vector<TriggerRow> all_triggers() {
  std::vector<TriggerRow> rows{
      {manual_trigger, Attendance::Person, Saying::Deployed, "A person ran it"},
      {schedule_trigger, Attendance::Nobody, Saying::Deployed, "A time of its schedule had come"},
      {task_trigger, Attendance::Person, Saying::Here, "A worker took a task"},
      {retry_trigger, Attendance::Person, Saying::Here, "A person ran a finished run again"},
  };
  for (const HookEvent& event : hook_event_rows())
    rows.push_back({event.word, Attendance::Nobody, Saying::Here, event.sentence});
  return rows;
}

}  // namespace

std::span<const TriggerRow> triggers() {
  static const std::vector<TriggerRow> rows = all_triggers();
  return rows;
}

std::span<const TriggerRow> deployed_triggers() {
  const auto all = triggers();
  const auto last = std::find_if(all.begin(), all.end(),
                                 [](const TriggerRow& row) { return row.saying != Saying::Deployed; });
  return all.first(static_cast<std::size_t>(last - all.begin()));
}

bool is_unattended(std::string_view trigger) {
  const TriggerRow* const row = find_word(triggers(), trigger);
  return row == nullptr || row->attendance == Attendance::Nobody;
}

void check_trigger(std::string_view trigger) {
  if (find_word(triggers(), trigger) != nullptr) return;
  if (trigger.starts_with(webhook_trigger)) {
    const auto problem = reference_component_problem(trigger.substr(webhook_trigger.size()));
    if (!problem) return;
    throw Error(ErrorKind::Usage,
                fmt::format("option --trigger: \"{}\": the webhook's name {}", trigger, *problem));
  }
  auto allowed = words_of(triggers());
  allowed.push_back("webhook:NAME");
  throw not_allowed(ErrorKind::Usage, "option --trigger", trigger, allowed);
}

}  // namespace changeling::run
