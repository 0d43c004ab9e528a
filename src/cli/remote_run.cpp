#include "cli/remote_run.hpp"

#include <fmt/format.h>

#include <thread>

#include "cli/deploying.hpp"
#include "cli/run_text.hpp"
#include "deploy/actions_runs.hpp"
#include "deploy/deployments.hpp"
#include "deploy/modal_program.hpp"
#include "deploy/workflow.hpp"
#include "project/forge_choice.hpp"
#include "project/run_lookup.hpp"
#include "project/settings.hpp"
#include "project/sharing.hpp"
#include "run/runner.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"
#include "view/run.hpp"

namespace changeling::cli {
namespace {

using store::DeploymentTarget;

/// How the other side says that a run ended, and where people can read more.
struct RemoteEnd {
  bool success = false;
  std::string description;  ///< "GitHub Actions: failure, https://…"
};

/// How often GitHub is asked how a run stands; each asking counts against the user's rate limit.
Duration poll_interval(Context& context) {
  return project::duration_setting(context.repository(), "changeling.actionsPoll");
}

/// False when a signal asks to stop.
bool wait(Duration duration) {
  constexpr Duration slice = std::chrono::milliseconds(50);
  const auto end = std::chrono::steady_clock::now() + duration;
  while (!interrupted() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(slice);
  return !interrupted();
}

[[noreturn]] void leave_it_running(const std::string& url) {
  throw Error(ErrorKind::Interrupted, "interrupted; the run goes on" + (url.empty() ? "" : ": " + url),
              "its record comes with git changeling sync");
}

/// Waits until GitHub has made the run, which takes moments, or minutes on a bad day.
deploy::ActionsRun wait_for_start(const deploy::ActionsRuns& runs, const std::string& workflow,
                                  const std::string& run_id, Duration interval) {
  constexpr auto patience = std::chrono::minutes(3);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    if (auto run = runs.find(workflow, run_id)) return *run;
    if (!wait(interval)) leave_it_running("");
  }
  throw Error(ErrorKind::Unavailable,
              fmt::format("GitHub has accepted the start of {}, but shows no run of it yet", workflow),
              "look at the Actions page of the repository; its record comes with git changeling sync");
}

RemoteEnd follow(Context& context, const deploy::ActionsRuns& runs, deploy::ActionsRun run,
                 Duration interval) {
  const std::string url = without_controls(run.url);
  context.message("runs on GitHub Actions: " + url);
  std::string status;
  while (!run.completed()) {
    if (run.status != status) context.message(without_controls(run.status));
    status = run.status;
    if (!wait(interval)) leave_it_running(url);
    run = runs.look(run);
  }
  return {run.conclusion == "success",
          fmt::format("GitHub Actions: {}, {}", without_controls(run.conclusion), url)};
}

/// The record, once it is here; nothing when the run left none.
std::optional<store::RunRecord> fetch_record(Context& context, const std::string& run_id) {
  project::share_quietly(context);
  return read_run(context.snapshot(), run_id);
}

Answer answer_for(Context& context, const std::string& run_id, const RemoteEnd& end) {
  const auto record = fetch_record(context, run_id);
  if (!record) {
    return {{{"id", run_id}, {"record", nullptr}, {"success", end.success}, {"end", end.description}},
            fmt::format("{}\nThere is no record of the run {} here (yet).\n", end.description, run_id),
            end.success ? 0 : 1};
  }
  context.message(end.description);
  const bool success = record->outcome && is_success(*record->outcome);
  return {view::to_json(context, *record), run_details(*record, context.terminal(), context.clock().now()),
          success ? 0 : 1};
}

Answer started_answer(const std::string& run_id, std::string_view where) {
  return {{{"id", run_id}, {"detached", true}, {"on", where}},
          run_id + "\n",
          0,
          "its record comes with git changeling sync"};
}

Answer run_on_github_actions(Context& context, const store::DeploymentRecord& deployment,
                             const std::string& run_id, bool detach) {
  const Duration interval = poll_interval(context);
  http::CurlHttpClient client(context.interruption());
  const deploy::ActionsRuns runs(forge::GitHubApi(client, context.clock(),
                                                  project::forge_patience(context.interruption()),
                                                  project::forge_choice(context, "github")));
  // Not the record's word for it: anybody who shares the state could name another workflow of the user's.
  const std::string workflow =
      std::filesystem::path(deploy::workflow_path(deployment.changeling)).filename().string();
  runs.dispatch(workflow, run_id, [&] {
    if (!wait(interval)) leave_it_running("");
  });
  if (detach) return started_answer(run_id, to_string(deployment.target));
  const deploy::ActionsRun run = wait_for_start(runs, workflow, run_id, interval);
  return answer_for(context, run_id, follow(context, runs, run, interval));
}

Answer run_on_modal(Context& context, const store::DeploymentRecord& deployment, const std::string& run_id,
                    bool detach) {
  const std::filesystem::path file = modal_file(context, deployment.changeling);
  if (!std::filesystem::exists(file)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} was deployed to Modal from another clone", deployment.changeling),
                fmt::format("deploy it from here as well: git changeling deploy {} --to modal",
                            deployment.changeling));
  }
  const deploy::ModalProgram modal(context.processes(), context.environment());
  modal.require();
  const bool quiet = context.options().quiet;
  const int code = modal.run(
      file, run_id, detach,
      [&](std::string_view text) {
        if (!quiet) std::fwrite(text.data(), 1, text.size(), stderr);
      },
      interrupted);
  if (interrupted()) leave_it_running("");
  if (detach && code == 0) return started_answer(run_id, to_string(deployment.target));
  return answer_for(context, run_id, {code == 0, fmt::format("Modal: modal run ended with {}", code)});
}

using Starter = Answer (*)(Context& context, const store::DeploymentRecord& deployment,
                           const std::string& run_id, bool detach);

Starter starter_for(DeploymentTarget target) {
  switch (target) {
    case DeploymentTarget::GithubActions:
      return run_on_github_actions;
    case DeploymentTarget::Modal:
      return run_on_modal;
  }
  return run_on_github_actions;
}

}  // namespace

Answer run_on(Context& context, const std::string& place, const run::RunOrder& order) {
  if (find_word(run::deployed_triggers(), order.trigger) == nullptr) {
    throw not_allowed(ErrorKind::Usage, "option --trigger", order.trigger,
                      words_of(run::deployed_triggers()));
  }
  const store::RunPlace* const where = find_word(store::run_places(), place);
  if (where == nullptr)
    throw not_allowed(ErrorKind::Usage, "option --on", place, words_of(store::run_places()));
  if (!where->target) return run_changeling(context, order);
  if (order.interactive || order.dry_run)
    throw Error(ErrorKind::Usage, "--interactive and --dry-run are for runs on this machine");
  if (!order.overrides.values.empty()) {
    throw Error(
        ErrorKind::Usage,
        fmt::format("--{}: what runs on {} is the definition as it was deployed",
                    find_field(order.overrides.values.begin()->first)->option, place),
        fmt::format("change the definition and deploy it again: git changeling update {}", order.changeling));
  }
  const store::DeploymentRecord deployment = deploy::find_deployment(context, order.changeling);
  if (place != to_string(deployment.target)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} is not deployed to {}, but to {}", order.changeling, place,
                            to_string(deployment.target)),
                fmt::format("git changeling run {} --on {}", order.changeling, to_string(deployment.target)));
  }
  catch_interrupts();
  const std::string run_id = order.run_id.empty() ? run::new_run_id() : order.run_id;
  // What was written down here must be known where it runs.
  project::share_quietly(context);
  return starter_for(deployment.target)(context, deployment, run_id, order.detach);
}

}  // namespace changeling::cli
