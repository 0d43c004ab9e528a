#include "report/needs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "project/criteria.hpp"
#include "project/definitions.hpp"
#include "project/halt.hpp"
#include "project/local_runs.hpp"
#include "project/notices.hpp"
#include "project/trust.hpp"
#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "triggers/due_changelings.hpp"
#include "triggers/timer_notice.hpp"
#include "work/held_logins.hpp"

namespace changeling::report {
namespace {

/// What a tick a minute may take before a time counts as missed.
constexpr auto patience_with_schedules = std::chrono::minutes(10);

constexpr std::array<std::string_view, 14> kind_words{
    "halt",         "login",      "question", "approval",     "review",   "task-review", "task-approval",
    "task-blocked", "run-failed", "run-lost", "tool-refused", "schedule", "outbox",      "notification"};

/// Of blocked tasks at most so many are looked at: most wait for other tasks, and the index does not know.
constexpr std::size_t most_blocked = 2'000;

using Needs = std::vector<Need>;
using Kind = Need::Kind;

void add_halt(project::Project& project, Needs& needs) {
  const auto halt = project::find_halt(project.repository(), project.places(), project.snapshot());
  if (halt) needs.push_back({Kind::Halt, "", "", halt->reason, std::nullopt, halt->undo});
}

void add_logins(project::Project& project, Needs& needs) {
  for (const work::HeldLogin& held : work::held_logins(project)) {
    needs.push_back({Kind::Login, held.login.agent, "",
                     fmt::format("{} is not logged in on this machine, and what needs it waits: {}",
                                 held.login.agent, work::who_waits(held)),
                     held.login.since, "git changeling credential set " + shell_quote(held.login.agent)});
  }
}

void add_approval(const project::Standing& standing, Needs& needs) {
  if (standing.trusted()) return;
  const std::string label = standing.subject.label();
  const bool is_new = standing.state == project::Standing::State::New;
  std::optional<Timestamp> since;
  if (standing.approval) since = standing.approval->approved_at;
  needs.push_back({Kind::Approval, label, standing.subject.name,
                   fmt::format("{} is not trusted here: it {}", label,
                               is_new ? "was never approved" : "has changed since it was approved"),
                   since, "git changeling trust " + shell_quote(label)});
}

void add_approvals(project::Project& project, Needs& needs) {
  const project::Approvals approvals = project::open_approvals(project);
  std::string warning;
  for (auto& subject : project::approval_subjects(project))
    add_approval(project::standing_for_list(approvals, std::move(subject), warning), needs);
  for (auto& subject : project::criterion_subjects(project))
    add_approval(project::standing_for_list(approvals, std::move(subject), warning), needs);
}

std::string command_for_review(std::int64_t number) {
  return fmt::format("git changeling review show {}", number);
}

void add_local_reviews(project::Project& project, Needs& needs) {
  for (const store::PullRequestRecord& pull : project.current_requests().open()) {
    needs.push_back({Kind::Review, std::to_string(pull.number), pull.changeling,
                     fmt::format("pull request {} of {} waits: {}", pull.number, pull.changeling, pull.title),
                     pull.created_at, command_for_review(pull.number)});
  }
}

/// As the runs have left them; people may have closed some since.
void add_noted_reviews(project::Project& project, Needs& needs) {
  const store::RunIndex& runs = project.current_runs();
  for (const std::string& name : runs.changelings()) {
    for (const std::int64_t number : runs.requests_noted_open(name)) {
      needs.push_back({Kind::Review, std::to_string(number), name,
                       fmt::format("pull request {} of {} was left open", number, name), std::nullopt,
                       command_for_review(number)});
    }
  }
}

void add_reviews(project::Project& project, Needs& needs) {
  if (project.forge().kind() == "local") return add_local_reviews(project, needs);
  add_noted_reviews(project, needs);
}

store::TaskQuery query_for(queue::TaskStatus status, std::size_t limit) {
  store::TaskQuery query;
  query.statuses = {status};
  query.limit = limit;
  return query;
}

std::vector<queue::Task> tasks_in(project::Project& project, const store::TaskQuery& query) {
  std::vector<queue::Task> tasks;
  for (const std::string& record : project.tasks().current_index().records(query))
    tasks.push_back(queue::task_from_json(parse_json(record, "the index"), "the index"));
  return tasks;
}

bool waits_for_a_person(const queue::Task& task, Timestamp now) {
  return std::any_of(task.gates.begin(), task.gates.end(), [&](const queue::Gate& gate) {
    return gate.kind == queue::Gate::Kind::Person && gate.is_closed(now);
  });
}

void add_gated(project::Project& project, Needs& needs) {
  const Timestamp now = project.clock().now();
  for (const std::string& id : project.tasks().current_index().gated()) {
    const queue::Task task = project.tasks().find(id);
    if (!waits_for_a_person(task, now)) continue;
    needs.push_back({Kind::TaskApproval, id, "",
                     fmt::format("task {} waits for your word: {}", id, task.title), task.updated_at,
                     "git changeling task approve " + id});
  }
}

void add_tasks(project::Project& project, Needs& needs) {
  for (const queue::Task& task :
       tasks_in(project, query_for(queue::TaskStatus::Review, most_needs_of_a_kind))) {
    needs.push_back({Kind::TaskReview, task.id, "",
                     fmt::format("task {} is done and to be judged: {}", task.id, task.title),
                     task.updated_at, "git changeling task done " + task.id});
  }
  add_gated(project, needs);
  for (const queue::Task& task : tasks_in(project, query_for(queue::TaskStatus::Blocked, most_blocked))) {
    // What waits for other tasks goes on by itself.
    if (task.blocked_reason.empty()) continue;
    needs.push_back({Kind::TaskBlocked, task.id, "",
                     fmt::format("task {} is blocked: {}: {}", task.id, task.title, task.blocked_reason),
                     task.updated_at, "git changeling task unblock " + task.id});
  }
}

/// The newest own run of a changeling that says something about it.
std::optional<store::RunRecord> newest_failed(const store::RunIndex& runs, const std::string& name) {
  store::RunQuery query;
  query.changeling = name;
  query.failed = true;
  query.limit = 20;
  for (store::RunRecord& run : runs.page(query)) {
    if (run.task.empty() && store::is_failure(run)) return std::move(run);
  }
  return std::nullopt;
}

void add_failure(const store::RunIndex& runs, const std::string& name, Needs& needs) {
  const store::FailureRow row = runs.failures_in_a_row(name);
  if (row.failures == 0) return;
  const auto run = newest_failed(runs, name);
  if (!run) return;
  const std::string often = row.failures == 1 ? "" : fmt::format(" {} times in a row", row.failures);
  const std::string reason =
      run->error.empty() ? std::string(to_string(run->outcome.value_or(store::Outcome::Failed))) : run->error;
  needs.push_back({Kind::RunFailed, run->id, name, fmt::format("{} has failed{}: {}", name, often, reason),
                   run->ended_at, "git changeling retry " + run->id});
}

/// Whether what it may do was decided anew since: the next run tells whether that was enough.
bool has_changed_since(project::Project& project, const project::DefinitionSet& set, const std::string& name,
                       std::optional<Timestamp> time) {
  std::string warning;
  const project::Standing standing =
      project::standing_for_list(project::open_approvals(project),
                                 project::changeling_subject(set, set.resolve(name).definition), warning);
  if (standing.state == project::Standing::State::Changed) return true;
  return time && standing.approval && standing.approval->approved_at > *time;
}

void add_refused_tools(project::Project& project, const project::DefinitionSet& set, const std::string& name,
                       Needs& needs) {
  const auto run = project.current_runs().newest(name);
  if (!run || run->refused.empty() || has_changed_since(project, set, name, run->ended_at)) return;
  needs.push_back({Kind::ToolRefused, run->id, name,
                   fmt::format("{} was refused: {}", name, join(run->refused, ", ")), run->ended_at,
                   "git changeling edit " + shell_quote(name)});
}

void add_questions(project::Project& project, const store::RunRecord& run, Needs& needs) {
  for (run::Question& question : run::open_questions(project.places().run(run.id))) {
    Need need{
        Kind::Question,    run.id,
        run.changeling,    fmt::format("{} asks: {}", run.changeling, question.text),
        question.asked_at, fmt::format("git changeling answer {} --question {}", run.id, question.number)};
    need.question = std::move(question);
    needs.push_back(std::move(need));
  }
}

void add_runs(project::Project& project, Needs& needs) {
  const store::RunIndex& runs = project.current_runs();
  // What is not defined any more needs nobody.
  const auto set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  for (const std::string& name : set.names()) {
    add_failure(runs, name, needs);
    add_refused_tools(project, set, name, needs);
  }
  for (const store::RunRecord& run : runs.open()) {
    add_questions(project, run, needs);
    if (!project::is_lost(project.places(), run, project.clock().now())) continue;
    needs.push_back({Kind::RunLost, run.id, run.changeling,
                     fmt::format("run {} of {} says that it goes on, and {} is not heard of any more", run.id,
                                 run.changeling, run.host),
                     run.started_at, "git changeling retry " + run.id});
  }
}

void add_schedule(const triggers::DueChangeling& due, Timestamp now, Needs& needs) {
  using Verdict = triggers::Decision::Verdict;
  const std::string& name = due.definition.name;
  const auto& time = due.decision.scheduled_for;
  // That it is not trusted is a need of its own.
  if (!due.definition.enabled || !due.trusted || !time || now - *time < patience_with_schedules) return;
  if (due.decision.verdict == Verdict::Waiting) return;
  const bool held = due.decision.verdict == Verdict::HeldBack;
  needs.push_back({Kind::Schedule, name, name,
                   fmt::format("{} should have run at {}{}{}", name, format_timestamp(*time),
                               held ? ", and is held back: " : ", and nothing has started it",
                               held ? due.decision.reason : ""),
                   time, "git changeling run " + shell_quote(name)});
}

void add_schedules(project::Project& project, ScheduleKeeper keeper, Needs& needs) {
  const Timestamp now = project.clock().now();
  const auto judged = triggers::judge_schedules(project, now);
  for (const triggers::DueChangeling& due : judged) add_schedule(due, now, needs);
  if (judged.empty() || keeper == ScheduleKeeper::Caller) return;
  const std::string problem = triggers::timer_problem(project);
  if (problem.empty()) return;
  // What to type stands at its end.
  const auto step = problem.rfind(": git changeling ");
  const bool says_what = step != std::string::npos;
  needs.push_back({Kind::Schedule, "", "", problem.substr(0, step), std::nullopt,
                   says_what ? problem.substr(step + 2) : "git changeling schedule status"});
}

/// With a mistake in the file of definitions nothing in it can be judged, which waits for its user, too.
void add_judged(project::Project& project, ScheduleKeeper keeper, Needs& needs) {
  try {
    add_approvals(project, needs);
    if (project.store().exists()) add_schedules(project, keeper, needs);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Invalid) throw;
    needs.push_back({Kind::Approval, "", "", error.what(), std::nullopt, "git changeling trust --list"});
  }
}

void add_outbox(project::Project& project, Needs& needs) {
  for (const project::OutboxEntry& entry : project.places().outbox().entries()) {
    if (entry.tries == 0) continue;
    needs.push_back(
        {Kind::Outbox, entry.proposal.run, entry.proposal.changeling,
         fmt::format("the work of {} waits to be sent: {}", entry.proposal.changeling, entry.error),
         entry.created_at, "git changeling sync"});
  }
}

void add_notifications(project::Project& project, Needs& needs) {
  for (const std::string& problem : delivery_problems(project::read_notices(project)))
    needs.push_back({Kind::Notification, "", "", problem, std::nullopt, "git changeling notify list"});
}

bool comes_before(const Need& one, const Need& other) {
  if (one.kind != other.kind) return one.kind < other.kind;
  if (one.since != other.since) return one.since < other.since;
  return one.subject < other.subject;
}

/// Returns how many there were of each kind.
std::map<Kind, std::size_t> keep_the_oldest(Needs& needs) {
  std::map<Kind, std::size_t> seen;
  std::erase_if(needs, [&](const Need& need) { return ++seen[need.kind] > most_needs_of_a_kind; });
  return seen;
}

/// Of these no more were read than are named.
void count_reviews(project::Project& project, std::map<Kind, std::size_t>& totals) {
  const auto found = totals.find(Kind::TaskReview);
  if (found == totals.end()) return;
  found->second =
      project.tasks().current_index().count(query_for(queue::TaskStatus::Review, most_needs_of_a_kind));
}

}  // namespace

std::string_view to_string(Need::Kind kind) {
  return kind_words.at(static_cast<std::size_t>(kind));
}

Waiting read_needs(project::Project& project, ScheduleKeeper keeper) {
  Needs needs;
  add_judged(project, keeper, needs);
  if (project.store().exists()) {
    add_halt(project, needs);
    add_logins(project, needs);
    add_reviews(project, needs);
    add_tasks(project, needs);
    add_runs(project, needs);
  }
  add_outbox(project, needs);
  add_notifications(project, needs);
  std::stable_sort(needs.begin(), needs.end(), comes_before);
  auto totals = keep_the_oldest(needs);
  count_reviews(project, totals);
  return {std::move(needs), std::move(totals)};
}

}  // namespace changeling::report
