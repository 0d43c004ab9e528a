#include "cli/run_once.hpp"

#include <fmt/format.h>

#include "cli/progress_line.hpp"
#include "cli/run_text.hpp"
#include "cli/text_block.hpp"
#include "cli/trace.hpp"
#include "cli/trust_review.hpp"
#include "project/base_branch.hpp"
#include "project/run_lookup.hpp"
#include "run/equipment_files.hpp"
#include "run/interactive_launcher.hpp"
#include "run/outbox_delivery.hpp"
#include "run/prompt.hpp"
#include "run/start.hpp"
#include "run/start_rules.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "view/definition.hpp"
#include "view/run.hpp"

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

Answer skipped_answer(Context& context, const std::string& reason, const std::string& hint = "") {
  context.message(fmt::format("not started: {}{}{}", reason, hint.empty() ? "" : "; ", hint));
  return {{{"skipped", reason}}, "", 1};
}

Answer finished_answer(Context& context, const store::RunRecord& record) {
  const bool success = record.outcome && is_success(*record.outcome);
  return {view::to_json(context, record), run_details(record, context.terminal(), context.clock().now()),
          success ? 0 : 1, next_commands(record)};
}

/// Calls `act` with an observer that shows what happens.
template <typename Act>
auto watched(Context& context, const run::RunRequest& request, const Act& act) {
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
  return act(observer);
}

Answer run_in_foreground(Context& context, const run::RunRequest& request) {
  const auto result = watched(context, request, [&](const run::Observer& observer) {
    return run::run_here(context, request, observer);
  });
  if (const auto* skipped = std::get_if<run::Skipped>(&result))
    return skipped_answer(context, skipped->reason);
  return finished_answer(context, std::get<store::RunRecord>(result));
}

Answer begin_only(Context& context, const run::RunRequest& request) {
  const auto result = watched(context, request, [&](const run::Observer& observer) {
    return run::begin_here(context, request, observer);
  });
  if (const auto* skipped = std::get_if<run::Skipped>(&result))
    return skipped_answer(context, skipped->reason);
  const auto& record = std::get<store::RunRecord>(result);
  return {
      view::to_json(context, record), record.id + "\n", 0,
      fmt::format("carry it out where nothing may be published: git changeling run {} --id {} --hand-over "
                  "FILE",
                  record.changeling, record.id)};
}

/// Whatever came of it: the one who publishes it judges.
Answer hand_over(Context& context, const run::RunRequest& request) {
  const store::RunRecord record = watched(context, request, [&](const run::Observer& observer) {
    return run::hand_over_here(context, request, observer);
  });
  std::string text =
      fmt::format("Run {} of {} is handed over in {}; there it says {}\n", record.id, record.changeling,
                  request.hand_over.string(), to_string(record.outcome.value_or(store::Outcome::Failed)));
  if (!record.error.empty()) text += fmt::format("  error  {}\n", record.error);
  return {view::to_json(context, record), std::move(text), 0,
          fmt::format("where the forge may be written to: git changeling publish {} {}", record.id,
                      shell_quote(request.hand_over.string()))};
}

void check_parts(const run::RunOrder& order) {
  if (!order.begin_only && order.hand_over.empty()) return;
  const char* const option = order.begin_only ? "--begin" : "--hand-over";
  if (order.detach || order.interactive || (order.begin_only && !order.hand_over.empty()))
    throw Error(ErrorKind::Usage,
                fmt::format("{} excludes --detach, --interactive and the other part of a run", option));
  if (!order.overrides.values.empty())
    throw Error(
        ErrorKind::Usage,
        fmt::format("{}: a run in parts is one of the definition as it is; no option sets a field", option));
  if (!order.hand_over.empty() && order.run_id.empty())
    throw Error(ErrorKind::Usage, "--hand-over needs --id",
                "it is what git changeling run NAME --begin printed");
}

Answer run_in_background(Context& context, const run::RunOrder& order, const run::RunRequest& request) {
  const auto result = run::run_in_background(context, order, request);
  if (const auto* skipped = std::get_if<run::Skipped>(&result))
    return skipped_answer(context, skipped->reason);
  if (!run::is_unattended(request.trigger))
    context.message(fmt::format("follow it: git changeling logs {} --follow", request.run_id));
  return {view::to_json(context, project::find_run(context, request.run_id)), request.run_id + "\n", 0};
}

Answer describe_plan(Context& context, const run::RunRequest& request) {
  const project::Services& services = context.services();
  const Definition& definition = request.definition;
  const std::string base = project::base_branch(services.repository, services.remote, definition);
  run::PromptContext prompting{context.repository().display_name(), base, "$CHANGELING_ARTIFACTS"};
  prompting.equipment = run::equipment_section(definition.equipment, request.agent);
  const std::string prompt = run::compose_prompt(definition, prompting);
  Json json = view::to_json(definition);
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
    text += fmt::format("  {:<17} {}\n", key, without_controls(view::field_text(json[key])));
  if (!definition.command.empty()) text += fmt::format("\nCommand:\n{}", text_block(definition.command));
  return {json, text + fmt::format("\nPrompt:\n{}", text_block(prompt)), 0};
}

/// The gate that every start passes; a person at the terminal may open it. Nothing when it is open; else the
/// answer of a start that nobody watches. Throws Error(Refused) for one that a person typed and did not
/// approve.
std::optional<Answer> refuse(Context& context, const run::RunOrder& order, const run::PreparedStart& start) {
  auto refused = run::check_gate(context, order, start);
  if (!refused) return std::nullopt;
  const Error error = project::not_trusted(refused->standing);
  if (run::is_unattended(order.trigger)) return skipped_answer(context, error.what(), error.hint());
  const std::string label = refused->standing.subject.label();
  if (!agrees(context, refused->standing, fmt::format("Trust {} and run it?", label))) throw error;
  project::approve(context, refused->standing.subject);
  return refuse(context, order, start);
}

}  // namespace

Answer ended_run_answer(Context& context, const store::RunRecord& record) {
  return finished_answer(context, record);
}

Answer run_changeling(Context& context, const run::RunOrder& order) {
  const run::PreparedStart start = run::prepare_start(context, order);
  if (order.dry_run) return describe_plan(context, start.request);
  if (order.interactive && order.detach) {
    throw Error(ErrorKind::Usage, "--interactive and --detach exclude each other",
                "a run in the background can be talked to as well: git changeling attach RUN");
  }
  check_parts(order);
  if (order.interactive) run::require_interactive(start.request.agent);
  if (auto refused = refuse(context, order, start)) return *refused;
  if (!order.hand_over.empty()) return hand_over(context, start.request);
  run::send_outbox(context, run::Due::OnlyDue);
  if (order.begin_only) return begin_only(context, start.request);
  return order.detach ? run_in_background(context, order, start.request)
                      : run_in_foreground(context, start.request);
}

}  // namespace changeling::cli
