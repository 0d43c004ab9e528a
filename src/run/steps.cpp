#include "run/steps.hpp"

#include <array>

#include "support/word_list.hpp"

namespace changeling::run {
namespace {

constexpr std::array all_steps{
    StepRow{Step::Claim, "claim", "", "A worker asks its source for a task"},
    StepRow{Step::Begin, "begin", "",
            "What killed runs left is put in order, and the record of this one is written"},
    StepRow{Step::History, "history", "", "Earlier runs and open pull requests are looked at"},
    StepRow{Step::Fetch, "fetch", "fetching the base branch", "What is new on the base branch is fetched"},
    StepRow{Step::Worktree, "worktree", "making the worktree", "The worktree is made on its branch"},
    StepRow{Step::Setup, "setup", "setting up", "Files are copied and the setup commands run"},
    StepRow{Step::Launch, "launch", "agent working", "The agent starts"},
    StepRow{Step::Collect, "collect", "", "What the agent left becomes commits"},
    StepRow{Step::Verify, "verify", "verifying", "The verification commands run"},
    StepRow{Step::Accept, "accept", "", "The acceptance criteria of the task are checked"},
    StepRow{Step::Push, "push", "pushing", "The branch is pushed"},
    StepRow{Step::Propose, "propose", "opening the pull request", "The pull request is opened or updated"},
    StepRow{Step::Clean, "clean", "", "The worktree is removed"},
    StepRow{Step::Record, "record", "", "The outcome is written into the record"},
    StepRow{Step::Finish, "finish", "", "The task is handed in with the result of its run"},
};

static_assert(stands_in_order(all_steps, &StepRow::step));

const StepRow& row_of(Step step) {
  return all_steps[static_cast<std::size_t>(step)];
}

}  // namespace

std::span<const StepRow> steps() {
  return all_steps;
}

std::string_view to_string(Step step) {
  return row_of(step).word;
}

std::string_view activity_of(Step step) {
  return row_of(step).activity;
}

}  // namespace changeling::run
