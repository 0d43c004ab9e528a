#include "cli/run_once.hpp"

#include <fmt/format.h>

#include "cli/definitions.hpp"
#include "cli/detach.hpp"
#include "cli/interrupt.hpp"
#include "cli/own_program.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_lookup.hpp"
#include "cli/run_text.hpp"
#include "cli/sharing.hpp"
#include "cli/trace.hpp"
#include "cli/trust.hpp"
#include "run/base_branch.hpp"
#include "run/interactive_launcher.hpp"
#include "run/prompt.hpp"
#include "run/runner.hpp"
#include "run/start_rules.hpp"
#include "store/records.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

std::string next_commands(const store::RunRecord& run) {
  std::string text;
  if (run.pull_request && run.pull_request->url.starts_with("local:")) {
    text += fmt::format(
        "\nLook at it:  git changeling review show {0}\nThen:        git changeling review accept {0}"
        "    or    reject {0}",
        run.pull_request->number);
  } else if (!is_success(run.outcome.value_or(store::Outcome::Failed))) {
    text += fmt::format(
        "\nSee what happened:  git changeling logs {}\nTry again:          git changeling retry {}", run.id,
        run.id);
  } else if (run.outcome == store::Outcome::Reported) {
    text += fmt::format("\nRead the report:  git changeling runs show {}", run.id);
  }
  return text;
}

Answer answer_for(Context& context, const std::variant<store::RunRecord, run::Skipped>& result) {
  if (const auto* skipped = std::get_if<run::Skipped>(&result)) {
    context.message("not started: " + skipped->reason);
    return {{{"skipped", skipped->reason}}, "", 1};
  }
  const auto& record = std::get<store::RunRecord>(result);
  const bool success = record.outcome && is_success(*record.outcome);
  return {run_to_json(context, record), run_details(record, context.terminal(), context.clock().now()),
          success ? 0 : 1, next_commands(record)};
}

Answer run_in_foreground(Context& context, const run::RunRequest& request) {
  catch_interrupts();
  std::variant<store::RunRecord, run::Skipped> result = run::Skipped{};
  {
    ProgressLine line(context.terminal(), context.options().quiet, request.definition.name);
    run::Observer observer;
    observer.on_step = [&](run::Step step) {
      trace_step(context.environment(), step);
      if (request.interactive && step == run::Step::Launch) {
        line.pause();
      } else {
        line.step(step);
      }
    };
    observer.on_message = [&](std::string_view text) { line.message(text); };
    observer.on_progress = [&](const run::Progress& progress) { line.progress(progress); };
    observer.stop_requested = [&] {
      line.tick();
      return interrupted();
    };
    result = run::execute_run(context.services(), observer, request);
  }
  share_quietly(context);
  return answer_for(context, result);
}

Answer run_in_background(Context& context, const RunOrder& order, const run::RunRequest& request) {
  RunOrder told = order;
  told.run_id = request.run_id;
  Command command = own_program(context, lead_run_word, to_json(told));
  command.session = Session::Detached;
  const auto problem = start_in_background(command);
  if (problem) {
    context.message("not started: " + *problem);
    return {{{"skipped", *problem}}, "", 1};
  }
  if (!run::is_unattended(request.trigger))
    context.message(fmt::format("follow it: git changeling logs {} --follow", request.run_id));
  return {run_to_json(context, find_run(context, request.run_id)), request.run_id + "\n", 0};
}

Answer describe_plan(Context& context, const run::RunRequest& request) {
  const run::Services& services = context.services();
  const Definition& definition = request.definition;
  const std::string base = run::base_branch(services.repository, services.remote, definition);
  const std::string prompt = run::compose_prompt(
      definition, {context.repository().display_name(), base, "$CHANGELING_ARTIFACTS", false});
  Json json = definition_to_json(definition);
  json["dry_run"] = true;
  json["base"] = base;
  json["forge"] = services.forge.kind();
  json["remote"] = services.remote;
  json["composed_prompt"] = prompt;
  json["overrides"] = request.overrides;
  std::string text =
      fmt::format("Would run {} with the agent {} on {}", definition.name, request.agent.name, base);
  text += fmt::format("; pull requests go to the {} forge{}.\n", services.forge.kind(),
                      services.remote.empty() ? "" : ", branches to " + services.remote);
  if (!request.overrides.empty()) text += "\nFor this run alone:\n";
  for (const std::string& key : request.overrides)
    text += fmt::format("  {:<17} {}\n", key, field_text(json[key]));
  if (!definition.command.empty()) text += fmt::format("\nCommand:\n{}\n", definition.command);
  return {json, text + fmt::format("\nPrompt:\n{}", prompt), 0};
}

/// Every start passes here. Nothing when the definition is trusted; else the answer of a start that nobody
/// watches. Throws Error(Refused) for one that a person typed and did not approve.
std::optional<Answer> refuse_untrusted(Context& context, const RunOrder& order,
                                       const ApprovalSubject& subject) {
  try {
    if (!run::is_unattended(order.trigger)) {
      require_trust(context, subject);
    } else {
      require_trust_unattended(context, subject);
    }
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused) throw;
    if (order.trigger != run::manual_trigger) {
      context.services().on_event(
          "trigger:skipped",
          {{"changeling", order.changeling}, {"trigger", order.trigger}, {"reason", error.what()}});
    }
    if (!run::is_unattended(order.trigger)) throw;
    context.message(fmt::format("not started: {}; {}", error.what(), error.hint()));
    return Answer{{{"skipped", error.what()}}, "", 1};
  }
}

/// What was typed for this run is the user's own act, but an agent of `.changelings.toml` is only named by
/// it: the command line behind the name came with the repository.
void refuse_unseen_agent(const DefinitionSet& set, const Definition& stored, const run::RunRequest& request) {
  const std::string& agent = request.definition.agent;
  if (agent == stored.agent || !set.file_agents().contains(agent)) return;
  throw Error(ErrorKind::Refused,
              fmt::format("--agent {}: what it starts stands in {}, and you have not approved it for {}",
                          agent, definitions_file_name, stored.name),
              fmt::format("git changeling update {0} --agent {1}, look at it, and: git changeling trust {0}",
                          stored.name, agent));
}

/// The id that the start was given, or a new one when it has none or its run exists already: GitHub repeats
/// a workflow with the same inputs.
std::string id_for(Context& context, const RunOrder& order) {
  if (order.run_id.empty()) return run::new_run_id();
  const bool allowed =
      order.run_id.size() >= 5 && order.run_id.size() <= 64 &&
      order.run_id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
  if (!allowed) {
    throw Error(ErrorKind::Usage,
                fmt::format("--id: '{}' is not 5 to 64 small letters and digits", order.run_id),
                "leave it out for a new one");
  }
  if (!read_run(context.snapshot(), order.run_id)) return order.run_id;
  context.message(fmt::format("there is a run {} already; this one gets an id of its own", order.run_id));
  return run::new_run_id();
}

}  // namespace

namespace {

run::RunRequest request_for(Context& context, const DefinitionSet& set, const RunOrder& order) {
  run::RunRequest request;
  request.definition = set.resolve(order.changeling, order.overrides).definition;
  request.agent = set.agent(request.definition.agent);
  for (const auto& [key, value] : order.overrides.values) request.overrides.push_back(key);
  request.run_id = id_for(context, order);
  request.trigger = order.trigger;
  request.retry_of = order.retry_of;
  request.scheduled_for = order.scheduled_for;
  request.interactive = order.interactive;
  return request;
}

/// The gate that every start passes. Nothing when it is open.
std::optional<Answer> refuse(Context& context, const DefinitionSet& set, const RunOrder& order,
                             const run::RunRequest& request) {
  context.require_state();
  const Definition stored = set.resolve(order.changeling).definition;
  if (auto refused = refuse_untrusted(context, order, approval_subject(stored, set.agent(stored.agent))))
    return refused;
  refuse_unseen_agent(set, stored, request);
  return std::nullopt;
}

DefinitionSet definitions_for(Context& context, const RunOrder& order) {
  return DefinitionSet::load(
      context, run::is_unattended(order.trigger) ? FileReading::BaseBranch : FileReading::WorkTree);
}

}  // namespace

Answer run_changeling(Context& context, const RunOrder& order) {
  const DefinitionSet set = definitions_for(context, order);
  const run::RunRequest request = request_for(context, set, order);
  if (order.dry_run) return describe_plan(context, request);
  if (order.interactive && order.detach) {
    throw Error(ErrorKind::Usage, "--interactive and --detach exclude each other",
                "a run in the background can be talked to as well: git changeling attach RUN");
  }
  if (order.interactive) run::require_interactive(request.agent);
  if (auto refused = refuse(context, set, order, request)) return *refused;
  send_outbox(context, run::Due::OnlyDue);
  return order.detach ? run_in_background(context, order, request) : run_in_foreground(context, request);
}

void lead_in_background(Context& context, const RunOrder& order, const ReportStart& report_start) {
  const DefinitionSet set = definitions_for(context, order);
  const run::RunRequest request = request_for(context, set, order);
  if (const auto refused = refuse(context, set, order, request))
    return report_start(json_string(refused->json, "skipped").value_or("not trusted"));
  catch_interrupts();
  run::Observer observer;
  // The record is there once the step after "begin" starts.
  observer.on_step = [&](run::Step step) {
    if (step != run::Step::Begin) report_start("");
  };
  observer.stop_requested = interrupted;
  const auto result = run::execute_run(context.services(), observer, request);
  if (const auto* skipped = std::get_if<run::Skipped>(&result)) report_start(skipped->reason);
  share_quietly(context);
}

}  // namespace changeling::cli
