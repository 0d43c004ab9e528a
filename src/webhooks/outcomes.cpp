#include "webhooks/outcomes.hpp"

#include <array>

#include "support/word_list.hpp"

namespace changeling::webhooks {
namespace {

constexpr std::array all_outcomes{
    OutcomeRow{Outcome::Started, "started", "A run of the changeling was started"},
    OutcomeRow{Outcome::Added, "task-added", "A task was added to the queue"},
    OutcomeRow{Outcome::Ignored, "ignored", "The webhook does not want it, or nobody does any more"},
    OutcomeRow{Outcome::Refused, "refused",
               "Who caused it may not, or git-changeling caused it itself, or nobody can tell"},
    OutcomeRow{Outcome::Outdated, "outdated", "The forge says that what it is about is not so any more"},
    OutcomeRow{Outcome::NotTrusted, "not-trusted",
               "The webhook or its changeling is not approved on the machine that got it"},
    OutcomeRow{Outcome::Skipped, "skipped", "The rules for starts kept the run from beginning"},
    OutcomeRow{Outcome::Taken, "taken", "Another machine got it, too, and was faster"},
    OutcomeRow{Outcome::Failed, "failed", "Something went wrong"},
};
static_assert(stands_in_order(all_outcomes, &OutcomeRow::outcome));

}  // namespace

std::span<const OutcomeRow> outcomes() {
  return all_outcomes;
}

std::string_view to_string(Outcome outcome) {
  return all_outcomes.at(static_cast<std::size_t>(outcome)).word;
}

}  // namespace changeling::webhooks
