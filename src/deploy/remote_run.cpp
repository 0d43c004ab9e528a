#include "deploy/remote_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <thread>

#include "changeling/fields.hpp"
#include "deploy/actions_runs.hpp"
#include "deploy/deployments.hpp"
#include "deploy/modal_program.hpp"
#include "deploy/workflow.hpp"
#include "project/forge_choice.hpp"
#include "project/settings.hpp"
#include "project/sharing.hpp"
#include "run/runner.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

using store::DeploymentTarget;

struct Start {
  const store::DeploymentRecord& deployment;
  std::string run_id;
  bool detach = false;
  const std::function<void(std::string_view)>& on_output;
};

/// How often GitHub is asked how a run stands; each asking counts against the user's rate limit.
Duration poll_interval(project::Project& project) {
  return project::duration_setting(project.repository(), "changeling.actionsPoll");
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
ActionsRun wait_for_start(const ActionsRuns& runs, const std::string& workflow, const std::string& run_id,
                          Duration interval) {
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

RemoteEnd follow(project::Project& project, const ActionsRuns& runs, ActionsRun run, Duration interval) {
  const std::string url = without_controls(run.url);
  project.message("runs on GitHub Actions: " + url);
  std::string status;
  while (!run.completed()) {
    if (run.status != status) project.message(without_controls(run.status));
    status = run.status;
    if (!wait(interval)) leave_it_running(url);
    run = runs.look(run);
  }
  return {run.conclusion == "success",
          fmt::format("GitHub Actions: {}, {}", without_controls(run.conclusion), url)};
}

/// The record, once it is here; nothing when the run left none.
RemoteRun ended(project::Project& project, const Start& start, RemoteEnd end) {
  project::share_quietly(project);
  return {start.run_id, std::move(end), store::read_run(project.snapshot(), start.run_id)};
}

RemoteRun run_on_github_actions(project::Project& project, const Start& start) {
  const Duration interval = poll_interval(project);
  http::CurlHttpClient client(project.interruption());
  const ActionsRuns runs(forge::GitHubApi(client, project.clock(),
                                          project::forge_patience(project.interruption()),
                                          project::forge_choice(project, "github")));
  // Not the record's word for it: anybody who shares the state could name another workflow of the user's.
  const std::string workflow =
      std::filesystem::path(workflow_path(start.deployment.changeling)).filename().string();
  runs.dispatch(workflow, start.run_id, [&] {
    if (!wait(interval)) leave_it_running("");
  });
  if (start.detach) return {start.run_id, std::nullopt, std::nullopt};
  const ActionsRun run = wait_for_start(runs, workflow, start.run_id, interval);
  return ended(project, start, follow(project, runs, run, interval));
}

RemoteRun run_on_modal(project::Project& project, const Start& start) {
  const std::filesystem::path file = modal_file(project, start.deployment.changeling);
  if (!std::filesystem::exists(file)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} was deployed to Modal from another clone", start.deployment.changeling),
                fmt::format("deploy it from here as well: git changeling deploy {} --to modal",
                            start.deployment.changeling));
  }
  const ModalProgram modal(project.processes(), project.environment());
  modal.require();
  const int code = modal.run(file, start.run_id, start.detach, start.on_output, interrupted);
  if (interrupted()) leave_it_running("");
  if (start.detach && code == 0) return {start.run_id, std::nullopt, std::nullopt};
  return ended(project, start, {code == 0, fmt::format("Modal: modal run ended with {}", code)});
}

}  // namespace

store::DeploymentRecord deployed_for(project::Project& project, const run::RunOrder& order,
                                     DeploymentTarget target) {
  if (order.interactive || order.dry_run || order.begin_only || !order.hand_over.empty())
    throw Error(ErrorKind::Usage,
                "--interactive, --dry-run, --begin and --hand-over are for runs on this machine");
  if (!order.overrides.values.empty()) {
    throw Error(
        ErrorKind::Usage,
        fmt::format("--{}: what runs on {} is the definition as it was deployed",
                    find_field(order.overrides.values.begin()->first)->option, to_string(target)),
        fmt::format("change the definition and deploy it again: git changeling update {}", order.changeling));
  }
  const store::DeploymentRecord deployment = find_deployment(project, order.changeling);
  if (target != deployment.target) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} is not deployed to {}, but to {}", order.changeling, to_string(target),
                            to_string(deployment.target)),
                fmt::format("git changeling run {} --on {}", order.changeling, to_string(deployment.target)));
  }
  return deployment;
}

RemoteRun run_there(project::Project& project, const store::DeploymentRecord& deployment,
                    const run::RunOrder& order, const std::function<void(std::string_view)>& on_output) {
  catch_interrupts();
  const Start start{deployment, order.run_id.empty() ? run::new_run_id() : order.run_id, order.detach,
                    on_output};
  // What was written down here must be known where it runs.
  project::share_quietly(project);
  switch (deployment.target) {
    case DeploymentTarget::GithubActions:
      return run_on_github_actions(project, start);
    case DeploymentTarget::Modal:
      return run_on_modal(project, start);
  }
  return run_on_github_actions(project, start);
}

}  // namespace changeling::deploy
