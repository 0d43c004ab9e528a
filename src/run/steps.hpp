#pragma once

#include <span>
#include <string_view>

namespace changeling::run {

/// What a run does, one after the other; observers are told right before each. The program may be killed
/// before any of them, and the tests do so.
enum class Step {
  Claim,
  Begin,
  History,
  Fetch,
  Worktree,
  Setup,
  Launch,
  Collect,
  Verify,
  Accept,
  Push,
  Propose,
  Clean,
  Record,
  Finish,
};

struct StepRow {
  Step step = Step::Begin;
  std::string_view word;      ///< In logs, in the trace and in `runs show`.
  std::string_view activity;  ///< What people are shown meanwhile; empty for steps of a moment.
  std::string_view sentence;
};

/// The only list of them, in their order.
std::span<const StepRow> steps();

std::string_view to_string(Step step);
/// See StepRow::activity.
std::string_view activity_of(Step step);

}  // namespace changeling::run
