#include <fmt/format.h>

#include "cli/claim_token.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "project/queue_settings.hpp"
#include "project/sharing.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

struct ClaimOptions {
  std::string id;
  std::string role;
  std::vector<std::string> labels;
  std::string worker;
  std::string lease;
  bool offline = false;
  std::optional<std::int64_t> count;
};

struct TokenOptions {
  std::string id;
  ClaimHolder holder;
  std::string lease;
  std::string reason;
};

Answer claimed_answer(Context& context, const queue::Task& task) {
  const Json json = view::to_json(context, task);
  return {json, task_details(task, json, context.terminal(), context.clock().now()), 0,
          fmt::format("\nWhen it is done:  git changeling task complete {0}{1}\n"
                      "To give it back:  git changeling task release {0}{1}",
                      task.id, token_words(context, task))};
}

Answer nothing_claimed(Context& context, const std::string& reason) {
  context.message(reason);
  return {{{"claimed", nullptr}, {"reason", reason}}, "", 1};
}

std::string nothing_to_claim(const ClaimOptions& options) {
  std::vector<std::string> conditions;
  if (!options.role.empty()) conditions.push_back(fmt::format("for the role {}", options.role));
  if (!options.labels.empty())
    conditions.push_back(fmt::format("with the label {}", join(options.labels, ", ")));
  return fmt::format("nothing to claim: no task is ready{}{}", conditions.empty() ? "" : " ",
                     join(conditions, " and "));
}

store::ClaimResult claim_task(Context& context, const ClaimOptions& options, const queue::ClaimTerms& terms) {
  store::TaskQueue& tasks = context.tasks();
  if (options.id.empty()) return tasks.claim(queue::ClaimFilter{options.role, options.labels}, terms);
  return tasks.claim(tasks.find(options.id).id, terms);
}

Answer claim_one(Context& context, const ClaimOptions& options, const queue::ClaimTerms& terms) {
  const store::ClaimResult result = claim_task(context, options, terms);
  if (const auto* task = std::get_if<queue::Task>(&result)) return claimed_answer(context, *task);
  if (const auto* refused = std::get_if<store::Unclaimable>(&result))
    return nothing_claimed(context, refused->reason);
  return nothing_claimed(context, nothing_to_claim(options));
}

/// Several in one operation, which is one push where there is a remote.
Answer claim_several(Context& context, const ClaimOptions& options, const queue::ClaimTerms& terms) {
  const auto count = static_cast<std::size_t>(*options.count);
  const auto claimed =
      context.tasks().claim_batch(queue::ClaimFilter{options.role, options.labels}, terms, count);
  if (claimed.empty()) context.message(nothing_to_claim(options));
  Answer answer{{{"tasks", Json::array()}}, "", claimed.empty() ? 1 : 0};
  for (const queue::Task& task : claimed) {
    answer.json["tasks"].push_back(view::to_json(context, task));
    answer.text +=
        fmt::format("{}  token {}  {}\n", task.id, task.lease->token, without_controls(task.title));
  }
  return answer;
}

Answer claim(Context& context, const ClaimOptions& options) {
  context.require_state();
  const project::QueueSettings settings = project::queue_settings(context);
  queue::ClaimTerms terms;
  terms.owner = options.worker.empty() ? settings.worker : valid_utf8(options.worker);
  terms.now = context.clock().now();
  terms.lease = options.lease.empty() ? settings.lease : project::parse_lease(options.lease);
  terms.most_attempts = settings.most_attempts;
  store::TaskQueue& tasks = context.tasks();
  context.show_transfers();
  context.damage().note(tasks.current_index().unreadable());
  if (options.offline) {
    tasks.publish_through(nullptr);
    if (project::shares_by_itself(context)) terms.token_step = queue::unpublished_token_step();
  }
  if (!options.id.empty() && (!options.role.empty() || !options.labels.empty())) {
    throw Error(ErrorKind::Usage, "a named task is claimed whatever its role and labels are",
                "leave out --role and --label");
  }
  if (options.count && !options.id.empty()) {
    throw Error(ErrorKind::Usage, "--count is for tasks that are not named",
                "git changeling task claim --count 5");
  }
  try {
    return options.count ? claim_several(context, options, terms) : claim_one(context, options, terms);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable || options.offline) throw;
    throw Error(
        ErrorKind::Unavailable, error.what(),
        "a claim must be known to the other machines; take one that may be lost again with --offline");
  }
}

Answer renew(Context& context, const TokenOptions& options) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  const Duration lease =
      options.lease.empty() ? project::queue_settings(context).lease : project::parse_lease(options.lease);
  const queue::Task before = tasks.find(options.id);
  const queue::Task task = tasks.renew(before.id, options.holder.token_of(context, before), lease);
  project::say_unpublished(context);
  return {view::to_json(context, task),
          fmt::format("{} is {}'s until {}\n", task.id, task.lease->owner,
                      format_timestamp(task.lease->expires_at)),
          0};
}

Answer release(Context& context, const TokenOptions& options) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  const queue::Task before = tasks.find(options.id);
  const project::QueueSettings settings = project::queue_settings(context);
  queue::Attempt attempt;
  attempt.run = before.assignee_run;
  attempt.owner = before.lease ? before.lease->owner : settings.worker;
  attempt.outcome = "released";
  attempt.error = valid_utf8(options.reason);
  attempt.ended_at = context.clock().now();
  const queue::Task task =
      tasks.release(before.id, options.holder.token_of(context, before), attempt, settings.most_attempts);
  project::say_unpublished(context);
  return {view::to_json(context, task), task_line(task, context.terminal()), 0};
}

void declare_token(Syntax& syntax, TokenOptions& options) {
  syntax.value("task", options.id, "Id of the task, or its beginning").value_name("ID").required();
  options.holder.declare(syntax);
}

}  // namespace

CommandSpec task_claim_command() {
  return {
      "task claim", "Take the next task, or a named one",
      "Takes the task of the highest priority, the oldest of those, that is ready and waits for no other "
      "task, and prints it with a token. Exactly one of any number of workers gets it. The claim lasts "
      "until the lease runs out; renew it in time. A claim that ran out is taken over by the next worker "
      "and counts as an attempt; after changeling.maxAttempts (3) failed attempts the task is blocked.\n\n"
      "Every claim has a higher token than those before it. Who shows an older one has lost the task and "
      "is refused.\n\n"
      "With a remote, the claim is given once the remote has accepted it, so that one of any number of "
      "machines gets the task. When the remote cannot be reached, nothing is claimed.\n\n"
      "Ends with 1 when there is nothing to claim.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ClaimOptions>();
        syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID");
        syntax.value("--role", options->role, "Only tasks of this role, or of none").value_name("ROLE");
        syntax.repeatable("--label", options->labels, "Only tasks with this label").value_name("LABEL");
        syntax
            .value("--as", options->worker, "Name of the worker (default: $CHANGELING_WORKER, or user@host)")
            .value_name("WORKER");
        syntax
            .value("--lease", options->lease, "How long the claim lasts (default: changeling.lease, or 30m)")
            .value_name("DURATION");
        syntax
            .number("--count", options->count,
                    "Claim so many at once, in one operation; prints a line each (--json: a list)", 1)
            .value_name("N");
        syntax.flag("--offline", options->offline,
                    "Claim without asking the remote; a claim that others publish first wins");
        return [options](Context& context) { return claim(context, *options); };
      }};
}

CommandSpec task_renew_command() {
  return {"task renew", "Keep a claim from running out", "The lease lasts the given time from now on.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<TokenOptions>();
            declare_token(syntax, *options);
            syntax.value("--lease", options->lease, "How long from now (default: changeling.lease, or 30m)")
                .value_name("DURATION");
            return [options](Context& context) { return renew(context, *options); };
          }};
}

CommandSpec task_release_command() {
  return {"task release", "Give a claimed task back",
          "The task is ready again; the attempt is noted with the reason, and does not count to the limit.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<TokenOptions>();
            declare_token(syntax, *options);
            syntax.value("--reason", options->reason, "Why; the next worker reads it").value_name("TEXT");
            return [options](Context& context) { return release(context, *options); };
          }};
}

}  // namespace changeling::cli
