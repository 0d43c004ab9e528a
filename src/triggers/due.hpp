#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "schedule/cron.hpp"
#include "store/run_record.hpp"
#include "support/clock.hpp"

namespace changeling::triggers {

/// Everything that decides whether a schedule starts its changeling. Apart from when the user approved the
/// definition, all of it is in records that every machine shares, so that all of them come to the same times.
struct ScheduleFacts {
  Definition definition;
  schedule::CronExpression schedule;  ///< Not open, see CronExpression::spread.
  /// When the user of this machine approved what would run; nothing: not approved. Times before do not count.
  std::optional<Timestamp> approved_at;
  /// Why no run may begin at all now (a cap, a pause after failures, everything switched off); or empty.
  std::string barrier;
  std::string elsewhere;  ///< Where it is deployed; empty: it runs here.
  /// The changeling's runs, newest first, without those of tasks; no more are needed than those that
  /// store::RunHistory::around_schedule answers since approved_at.
  std::vector<store::RunRecord> runs;
  /// Whether a record that says "running" is of a run that has died.
  std::function<bool(const store::RunRecord&)> is_dead;
  /// When the barrier ends by itself; nothing where somebody has to do something.
  std::optional<Timestamp> barrier_until = {};
};

struct Decision {
  enum class Verdict {
    Waiting,   ///< Nothing is due.
    Due,       ///< To be started now.
    HeldBack,  ///< A time has come, and something is in the way.
  };

  Verdict verdict = Verdict::Waiting;
  /// The time of the schedule that has come; nothing while Waiting.
  std::optional<Timestamp> scheduled_for;
  /// The time that comes next; nothing when none does.
  std::optional<Timestamp> next;
  std::string reason;  ///< One sentence for people, without a full stop.
  /// The newest time that has passed and is not made up for, while Waiting.
  std::optional<Timestamp> passed_over = {};
};

/// What the schedule asks for at `now`.
///
/// Times count from the newest one that was run, and from the approval. Of several that have passed,
/// `catch_up` chooses: `last` the newest, `all` the oldest (the others follow, one after the other, at most
/// the newest 24), `none` the newest if it is no more than five minutes ago, which is what a tick a minute
/// needs. A time that came while a run was under way is passed over with overlap `skip`, waits for its end
/// with `queue`, and is due at once with `replace`.
Decision decide(const ScheduleFacts& facts, Timestamp now);

/// When it can really start next: `now` where a time has come and nothing is in the way, the end of a barrier
/// where a time is made up for then, a time of the schedule otherwise. Nothing when it cannot, as things are.
std::optional<Timestamp> next_start(const ScheduleFacts& facts, Timestamp now);

/// What keeps any time from being started here until somebody does something about it; empty when nothing
/// does.
std::string standing_obstacle(const ScheduleFacts& facts);

}  // namespace changeling::triggers
