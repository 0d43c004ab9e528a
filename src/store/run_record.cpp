#include "store/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/usage_limits.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/word_list.hpp"

namespace changeling::store {
namespace {

constexpr std::array outcome_rows{
    OutcomeRow{Outcome::OpenedPr, "opened-pr", true, "A pull request was opened"},
    OutcomeRow{Outcome::UpdatedPr, "updated-pr", true,
               "The pull request that was open was brought up to date"},
    OutcomeRow{Outcome::Reported, "reported", true,
               "The agent's report is kept; a changeling that reports changes nothing"},
    OutcomeRow{Outcome::NoChanges, "no-changes", true,
               "There was nothing to do, or what was done is proposed already"},
    OutcomeRow{Outcome::Denied, "denied", false, "The agent changed nothing after it was refused a tool"},
    OutcomeRow{Outcome::VerificationFailed, "verification-failed", false, "A verification command failed"},
    OutcomeRow{Outcome::Failed, "failed", false, "The agent or a step of the run failed"},
    OutcomeRow{Outcome::TimedOut, "timed-out", false, "It took longer than its time limit"},
    OutcomeRow{Outcome::Stalled, "stalled", false, "The agent was silent for too long"},
    OutcomeRow{Outcome::OverBudget, "over-budget", false, "The agent has spent its budget"},
    OutcomeRow{Outcome::Killed, "killed", false, "It was stopped, or its program was"},
    OutcomeRow{Outcome::LostLease, "lost-lease", false,
               "Somebody else has its task now; nothing was published"},
};

static_assert(stands_in_order(outcome_rows, &OutcomeRow::outcome));

const OutcomeRow& row_of(Outcome outcome) {
  return outcome_rows[static_cast<std::size_t>(outcome)];
}

/// Empty text is written as null: the field is there, the value is not.
Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json tokens_to_json(const std::optional<TokenUsage>& tokens) {
  if (!tokens) return nullptr;
  return {{"input", tokens->input},
          {"output", tokens->output},
          {"cache_read", tokens->cache_read},
          {"cache_write", tokens->cache_write}};
}

Json verification_to_json(const std::vector<VerificationResult>& results) {
  Json list = Json::array();
  for (const VerificationResult& result : results) {
    list.push_back({{"command", result.command},
                    {"exit_code", result.exit_code},
                    {"duration_ms", result.duration.count()},
                    {"passed", result.passed},
                    {"output", result.output}});
  }
  return list;
}

VerificationResult verification_from_json(const Json& object) {
  VerificationResult result;
  result.command = json_string(object, "command").value_or("");
  result.exit_code = static_cast<int>(json_integer(object, "exit_code").value_or(0));
  result.duration = Duration(json_integer(object, "duration_ms").value_or(0));
  result.passed = json_bool(object, "passed").value_or(false);
  result.output = json_string(object, "output").value_or("");
  return result;
}

Json moved_refs_to_json(const std::vector<MovedReference>& moved) {
  Json list = Json::array();
  for (const MovedReference& reference : moved) {
    list.push_back({{"ref", reference.name},
                    {"before", text_or_null(reference.before)},
                    {"after", text_or_null(reference.after)},
                    {"put_back", reference.put_back}});
  }
  return list;
}

Json walls_to_json(const Walls& walls) {
  if (walls.sandbox.empty()) return nullptr;
  return {{"sandbox", walls.sandbox}, {"network", walls.network}, {"refused", walls.refused}};
}

Walls walls_from_json(const Json& object) {
  return {json_string(object, "sandbox").value_or(""), json_string(object, "network").value_or(""),
          json_strings(object, "refused")};
}

MovedReference moved_ref_from_json(const Json& object) {
  return {json_string(object, "ref").value_or(""), json_string(object, "before").value_or(""),
          json_string(object, "after").value_or(""), json_bool(object, "put_back").value_or(false)};
}

/// Records come from other machines and earlier versions: a count below zero, or more money than a number can
/// tell, is as good as none, and must not lower the sum of others.
std::optional<std::int64_t> count_from_json(const Json& object, std::string_view key, std::int64_t most) {
  const auto count = json_integer(object, key);
  return count && *count >= 0 && *count <= most ? count : std::nullopt;
}

std::optional<double> money_from_json(const Json& object, std::string_view key) {
  const auto amount = json_number(object, key);
  return amount && *amount >= 0 && *amount <= most_usd ? amount : std::nullopt;
}

TokenUsage tokens_from_json(const Json& object) {
  const auto count = [&](std::string_view key) {
    return count_from_json(object, key, most_tokens).value_or(0);
  };
  return {count("input"), count("output"), count("cache_read"), count("cache_write")};
}

RunRecord read_run(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  RunRecord run;
  run.id = text("id");
  run.changeling = text("changeling");
  run.task = text("task");
  run.trigger = text("trigger");
  run.scheduled_for = json_timestamp(object, "scheduled_for");
  run.agent = text("agent");
  const std::string status = text("status");
  if (status != "running" && status != "finished") {
    throw Error(ErrorKind::Invalid, fmt::format("status: '{}' is not running or finished", status));
  }
  run.status = status == "running" ? RunStatus::Running : RunStatus::Finished;
  if (const auto outcome = json_string(object, "outcome")) run.outcome = parse_outcome(*outcome);
  run.base = text("base");
  run.base_commit = text("base_commit");
  run.start = text("start");
  run.branch = text("branch");
  run.head = text("head");
  const auto started_at = json_timestamp(object, "started_at");
  if (!started_at || run.id.empty()) throw Error(ErrorKind::Invalid, "id and started_at must be there");
  run.started_at = *started_at;
  run.expires_at = json_timestamp(object, "expires_at");
  run.ended_at = json_timestamp(object, "ended_at");
  if (const auto duration = json_integer(object, "duration_ms")) run.duration = Duration(*duration);
  run.cost_usd = money_from_json(object, "cost_usd");
  run.reserved_usd = money_from_json(object, "reserved_usd").value_or(0);
  if (const auto tokens = object.find("tokens"); tokens != object.end() && tokens->is_object()) {
    run.tokens = tokens_from_json(*tokens);
  }
  run.turns = count_from_json(object, "turns", most_turns);
  run.session_id = text("session_id");
  if (const auto code = json_integer(object, "exit_code")) run.exit_code = static_cast<int>(*code);
  if (const auto pull = object.find("pull_request"); pull != object.end() && pull->is_object()) {
    run.pull_request = PullRequestReference{json_integer(*pull, "number").value_or(0),
                                            json_string(*pull, "url").value_or(""),
                                            json_string(*pull, "state").value_or("")};
  }
  if (const auto list = object.find("verification"); list != object.end() && list->is_array()) {
    for (const Json& item : *list) run.verification.push_back(verification_from_json(item));
  }
  run.refused = json_strings(object, "refused");
  if (const auto walls = object.find("walls"); walls != object.end() && walls->is_object())
    run.walls = walls_from_json(*walls);
  if (const auto list = object.find("moved_refs"); list != object.end() && list->is_array()) {
    for (const Json& item : *list) run.moved_refs.push_back(moved_ref_from_json(item));
  }
  run.error = text("error");
  run.outage = json_bool(object, "outage").value_or(false);
  run.summary = text("summary");
  run.target = text("target");
  run.report_url = text("report_url");
  run.host = text("host");
  run.actor = text("actor");
  run.retry_of = text("retry_of");
  run.overrides = json_strings(object, "overrides");
  run.patch_id = text("patch_id");
  if (const auto lease = object.find("lease"); lease != object.end() && lease->is_object()) {
    run.lease = {json_string(*lease, "owner").value_or(""), json_integer(*lease, "token").value_or(0)};
  }
  return run;
}

}  // namespace

std::string_view to_string(RunStatus status) {
  return status == RunStatus::Running ? "running" : "finished";
}

std::span<const OutcomeRow> outcomes() {
  return outcome_rows;
}

std::string_view to_string(Outcome outcome) {
  return row_of(outcome).word;
}

Outcome parse_outcome(std::string_view word) {
  if (const OutcomeRow* row = find_word(outcome_rows, word)) return row->outcome;
  throw Error(ErrorKind::Invalid, fmt::format("outcome: '{}' is not known", word));
}

bool is_success(Outcome outcome) {
  return row_of(outcome).is_success;
}

std::string describe(const Walls& walls) {
  if (walls.sandbox.empty()) return "";
  return fmt::format("sandbox: {}, network: {}", walls.sandbox, walls.network);
}

Timestamp run_expiry(Timestamp started_at, Duration limit) {
  return started_at + 4 * limit + std::chrono::hours(1);
}

Timestamp expiry_of(const RunRecord& run) {
  constexpr auto unknown_limit = std::chrono::hours(24);
  // Whoever may write a record may claim any time; no run of anybody takes longer than a week does.
  constexpr Duration longest_limit = std::chrono::hours(24 * 7);
  return std::min(run.expires_at.value_or(run.started_at + unknown_limit),
                  run_expiry(run.started_at, longest_limit));
}

bool is_presumed_dead(const RunRecord& run, Timestamp now) {
  // Clocks differ, by no more than a day.
  const bool is_of_the_future = run.started_at > now + std::chrono::hours(24);
  return run.status == RunStatus::Running && (is_of_the_future || now > expiry_of(run));
}

bool is_failure(const RunRecord& run) {
  return run.outcome && !is_success(*run.outcome) && !run.outage && run.outcome != Outcome::Killed &&
         run.outcome != Outcome::LostLease;
}

double counted_cost(const RunRecord& run) {
  if (run.status == RunStatus::Finished && run.cost_usd) return *run.cost_usd;
  return std::max(run.reserved_usd, run.cost_usd.value_or(0));
}

nlohmann::json to_json(const RunRecord& run) {
  Json pull = nullptr;
  if (run.pull_request) {
    pull = {{"number", run.pull_request->number},
            {"url", run.pull_request->url},
            {"state", run.pull_request->state}};
  }
  return {{"id", run.id},
          {"changeling", text_or_null(run.changeling)},
          {"task", text_or_null(run.task)},
          {"trigger", run.trigger},
          {"scheduled_for", json_or_null(run.scheduled_for)},
          {"agent", run.agent},
          {"status", to_string(run.status)},
          {"outcome", run.outcome ? Json(to_string(*run.outcome)) : Json(nullptr)},
          {"base", run.base},
          {"base_commit", text_or_null(run.base_commit)},
          {"start", text_or_null(run.start)},
          {"branch", text_or_null(run.branch)},
          {"head", text_or_null(run.head)},
          {"started_at", format_timestamp(run.started_at)},
          {"expires_at", json_or_null(run.expires_at)},
          {"ended_at", json_or_null(run.ended_at)},
          {"duration_ms", run.duration ? Json(run.duration->count()) : Json(nullptr)},
          {"cost_usd", json_or_null(run.cost_usd)},
          {"reserved_usd", run.reserved_usd},
          {"tokens", tokens_to_json(run.tokens)},
          {"turns", json_or_null(run.turns)},
          {"session_id", text_or_null(run.session_id)},
          {"exit_code", json_or_null(run.exit_code)},
          {"pull_request", std::move(pull)},
          {"verification", verification_to_json(run.verification)},
          {"refused", run.refused},
          {"walls", walls_to_json(run.walls)},
          {"moved_refs", moved_refs_to_json(run.moved_refs)},
          {"error", text_or_null(run.error)},
          {"outage", run.outage},
          {"summary", text_or_null(run.summary)},
          {"target", text_or_null(run.target)},
          {"report_url", text_or_null(run.report_url)},
          {"host", run.host},
          {"actor", run.actor},
          {"retry_of", text_or_null(run.retry_of)},
          {"overrides", run.overrides},
          {"patch_id", text_or_null(run.patch_id)},
          {"lease", {{"owner", run.lease.owner}, {"token", run.lease.token}}}};
}

RunRecord run_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    return read_run(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

RunRecord parse_run(std::string_view text, std::string_view id, std::string_view source) {
  RunRecord run = run_from_json(parse_json(text, source), source);
  if (run.id != id) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: holds the id '{}', not '{}'", source, run.id, id));
  }
  return run;
}

std::string run_state(const RunRecord& run, Timestamp now) {
  if (is_presumed_dead(run, now)) return "lost";
  return std::string(run.outcome ? to_string(*run.outcome) : to_string(run.status));
}

}  // namespace changeling::store
