#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::store {

enum class RunStatus { Running, Finished };

/// How a run ended. Exactly these words appear in records and JSON.
enum class Outcome {
  OpenedPr,
  UpdatedPr,
  Reported,
  NoChanges,
  Denied,
  VerificationFailed,
  Failed,
  TimedOut,
  Stalled,
  OverBudget,
  Killed,
  LostLease,
};

struct OutcomeRow {
  Outcome outcome = Outcome::Failed;
  std::string_view word;
  bool is_success = false;
  std::string_view sentence;
};
/// The only list of them.
std::span<const OutcomeRow> outcomes();

std::string_view to_string(RunStatus status);
std::string_view to_string(Outcome outcome);
/// Throws Error(Invalid) for an unknown word.
Outcome parse_outcome(std::string_view word);
bool is_success(Outcome outcome);

struct TokenUsage {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
};

/// One verification command and what came of it: the evidence in the pull request.
struct VerificationResult {
  std::string command;
  int exit_code = 0;
  Duration duration{};
  bool passed = false;
  std::string output;  ///< The last part of what it printed, redacted.
};

/// A reference, or a key of the repository's configuration, that was not the run's and that its agent
/// changed.
struct MovedReference {
  std::string name;    ///< "refs/heads/main", "HEAD", or "config user.name".
  std::string before;  ///< Object, branch or value; empty when it was not there.
  std::string after;   ///< The same after the agent; empty when it was gone.
  bool put_back = false;
};

/// What stood between a run's commands and the machine.
struct Walls {
  std::string sandbox;               ///< "bubblewrap" or "none"; empty in older records.
  std::string network;               ///< "full", "none", or the hosts that were let through.
  std::vector<std::string> refused;  ///< Hosts that were asked for and are not among them.
};
/// "sandbox: bubblewrap, network: api.anthropic.com"; empty when the record does not say.
std::string describe(const Walls& walls);

struct PullRequestReference {
  std::int64_t number = 0;
  std::string url;
  std::string state;  ///< "open", "merged" or "closed".
};

/// Who may finish a run. The token grows each time the lease passes to another holder; a holder with an
/// older token must neither push nor open a pull request.
struct RunLease {
  std::string owner;
  std::int64_t token = 0;
};

/// One attempt of an agent. Lies at runs/ab/cd/ID.json on the state ref. Times are UTC.
struct RunRecord {
  std::string id;
  std::string changeling;
  std::string task;     ///< Empty for a run without a task.
  std::string trigger;  ///< A word of run/start_triggers.hpp.
  /// The time of the schedule that this run is for; nothing for every other trigger. A time is run once,
  /// whichever machine does it.
  std::optional<Timestamp> scheduled_for;
  std::string agent;
  RunStatus status = RunStatus::Running;
  std::optional<Outcome> outcome;
  std::string base;  ///< Branch that the work starts from.
  std::string base_commit;
  std::string
      start;  ///< Commit that the worktree held at first: the base's, or the continued pull request's.
  std::string branch;  ///< The run's own or the updated pull request's branch; empty if none was kept.
  std::string head;    ///< Newest commit of the work; empty if there is none.
  Timestamp started_at{};
  std::optional<Timestamp> expires_at;  ///< When it must be over; older records do not say.
  std::optional<Timestamp> ended_at;
  std::optional<Duration> duration;
  std::optional<double> cost_usd;  ///< Nothing when the agent does not tell.
  double reserved_usd = 0;         ///< What the caps set aside for it, see run/spending.hpp.
  std::optional<TokenUsage> tokens;
  std::optional<std::int64_t> turns;
  std::string session_id;
  std::optional<int> exit_code;  ///< Of the agent.
  std::optional<PullRequestReference> pull_request;
  std::vector<VerificationResult> verification;
  std::vector<std::string> refused;        ///< Tools that the agent was refused, such as "Bash: git push".
  std::vector<MovedReference> moved_refs;  ///< What the agent changed of the user's repository.
  Walls walls;
  std::string error;  ///< One sentence for people; empty on success.
  /// The network, the forge or a service failed, and not the changeling: no failure that a pause counts.
  bool outage = false;
  std::string summary;  ///< What the agent says it did; first line.
  std::string target;   ///< What it worked on in the agent's words, such as "src/cache.c:12"; may be empty.
  std::string
      report_url;  ///< Of the issue that a report was filed as; reports themselves stay on the machine.
  std::string host;
  std::string actor;                   ///< "Name <email>" of who started it.
  std::string retry_of;                ///< Id of the run that this one repeats.
  std::vector<std::string> overrides;  ///< Keys of the definition that were given for this run alone.
  std::string patch_id;                ///< Identity of the change, see git::Repository::patch_id.
  RunLease lease;
};

/// When a run that starts then must be over. `limit` is the agent's; setup, checks and sending take their
/// time, too. An hour of it is for clocks that differ.
Timestamp run_expiry(Timestamp started_at, Duration limit);
/// When the run must be over by its record.
Timestamp expiry_of(const RunRecord& run);
/// Whether the record says "running" and cannot be true any more: the machine died, or lost its connection.
/// Only for runs that are not alive on this machine.
bool is_presumed_dead(const RunRecord& run, Timestamp now);

/// Whether a finished run says that the changeling cannot do its work now. Being killed, losing the lease, or
/// an outage of the network or the forge does not say so.
bool is_failure(const RunRecord& run);
/// What the caps count for it, in US dollars: what it has cost; what was set aside for it while it is under
/// way and when it does not tell.
double counted_cost(const RunRecord& run);

nlohmann::json to_json(const RunRecord& run);
/// Unknown keys are ignored; a missing or wrong required key throws Error(Invalid) naming `source`.
RunRecord run_from_json(const nlohmann::json& object, std::string_view source);
/// Throws Error(Invalid) naming `source` when the text is no record of the run `id`.
RunRecord parse_run(std::string_view text, std::string_view id, std::string_view source);

/// The outcome, "running", or "lost".
std::string run_state(const RunRecord& run, Timestamp now);

}  // namespace changeling::store
