
#include "project/project.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <utility>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "forge/github.hpp"
#include "forge/local.hpp"
#include "forge/unusable_forge.hpp"
#include "git/remote_choice.hpp"
#include "project/forge_choice.hpp"
#include "project/host_name.hpp"
#include "project/local_runs.hpp"
#include "project/moved_repository.hpp"
#include "project/notices.hpp"
#include "project/registered_repositories.hpp"
#include "project/settings.hpp"
#include "project/sharing.hpp"
#include "project/start_limits.hpp"
#include "store/task_events.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/json.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

}  // namespace

Project::Project(Opening opening)
    : opening_(std::move(opening)),
      interrupted_(interruption_, [this] { return opening_.interrupted && opening_.interrupted(); }),
      damage_([this](const std::string& text) { message(text); },
              [this]() -> const std::string& { return store().reference(); }) {}

fs::path Project::start_folder() const {
  fs::path start = fs::current_path();
  for (const std::string& directory : opening_.directories) start /= directory;
  if (!fs::is_directory(start)) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no folder {}", start.string()));
  }
  return fs::canonical(start);
}

git::Repository& Project::repository() {
  if (!repository_) repository_ = git::Repository::discover(start_folder(), opening_.environment);
  return *repository_;
}

std::optional<git::WorkTree> Project::work_tree() {
  // git refuses to look into a bare repository where safe.bareRepository is "explicit"; we have found it
  // already.
  if (repository().is_bare()) return std::nullopt;
  return git::opened_work_tree(processes_, opening_.environment, start_folder());
}

const git::GitProgram& Project::git() {
  if (!git_) {
    // In the work tree, where git itself would be: it is what a remote such as "../origin.git" is relative
    // to.
    const auto directory = repository().work_tree().value_or(repository().common_directory());
    git_.emplace(processes_, opening_.environment, directory, opening_.session);
    git_->use(repository().place());
    if (switch_setting(repository(), "changeling.sign")) git_->sign_commits(git::Signing::On);
    git_->interrupt_by(interruption_);
  }
  return *git_;
}

void Project::watch_transfers(git::GitProgram::OnTransfer on_transfer) {
  git();
  git_->watch_transfers(std::move(on_transfer));
}

store::Store& Project::store() {
  if (!store_) {
    std::string reference =
        repository().config("changeling.ref").value_or(std::string(store::default_reference));
    store_.emplace(
        repository(), clock_, std::move(reference), [this] { return repository().user_identity(); },
        places().store_lock());
    if (switch_setting(repository(), "changeling.sign"))
      store_->make_commits_with([this](const git::NewCommit& commit) { return git().create_commit(commit); });
  }
  return *store_;
}

store::Snapshot Project::snapshot() {
  return store().snapshot();
}

const std::shared_ptr<store::RecordIndex>& Project::record_index() {
  if (!record_index_) record_index_ = std::make_shared<store::RecordIndex>(store(), places().index_file());
  return record_index_;
}

store::RunIndex& Project::run_index() {
  if (!run_index_) run_index_.emplace(record_index());
  return *run_index_;
}

store::PullRequestIndex& Project::request_index() {
  if (!request_index_) request_index_.emplace(record_index());
  return *request_index_;
}

store::PullRequestIndex& Project::current_requests() {
  request_index().follow();
  return request_index();
}

store::RunIndex& Project::current_runs() {
  run_index().follow();
  damage_.note(run_index().unreadable());
  return run_index();
}

void Project::require_state() {
  if (!store().exists()) {
    throw Error(ErrorKind::NotFound, "this repository has no changelings yet",
                "start with: git changeling init");
  }
  if (std::exchange(has_named_unknown_settings_, true)) return;
  for (const std::string& unknown : unknown_settings(repository()))
    message("warning: " + complaint_about(unknown));
}

events::EventLog& Project::events() {
  if (!events_) events_.emplace(places().local_folder() / "events.jsonl", clock_);
  return *events_;
}

store::TaskQueue& Project::tasks() {
  if (!tasks_) {
    index_.emplace(record_index());
    tasks_.emplace(store(), *index_, clock_,
                   [this](const std::vector<store::TaskChange>& changes) { announce_tasks(changes); });
    lease_watch_.emplace(lease_watch(places()));
    tasks_->watch_leases_with(&*lease_watch_);
    tasks_->publish_through(publisher());
  }
  return *tasks_;
}

store::Publisher* Project::publisher() {
  if (!publisher_ && shares_by_itself(*this))
    publisher_ = open_sync(*this, remote(), automatic_time_limit(*this));
  return publisher_.get();
}

const project::Places& Project::places() {
  if (!places_) {
    places_.emplace(repository(), opening_.environment,
                    repository().config("changeling.worktreeRoot").value_or(""));
    if (const auto before = follow_move(repository(), *places_)) follow_registration(*this, *before);
  }
  return *places_;
}

const std::string& Project::remote() {
  if (!remote_) {
    const git::RemoteChoice choice = git::choose_remote(git::remote_facts(repository()));
    // Sharing must not stop silently.
    if (!choice.problem.empty()) message(fmt::format("warning: {}; {}", choice.problem, choice.hint));
    remote_ = choice.name;
  }
  return *remote_;
}

forge::Forge& Project::forge() {
  if (!forge_) {
    forge::ForgeChoice choice;
    try {
      choice = forge_choice(*this);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Refused) throw;
      message(fmt::format("warning: {}", with_hint(error)));
      forge_ = std::make_unique<forge::UnusableForge>(error);
      return *forge_;
    }
    if (choice.kind == forge::ForgeKind::GitHub) {
      forge_ = std::make_unique<forge::GitHubForge>(http_, clock_, forge_patience(interruption_), choice);
      secrets_.push_back(choice.token.value);
    } else {
      if (!choice.warning.empty()) message(fmt::format("warning: {}", choice.warning));
      forge_ = std::make_unique<forge::LocalForge>(store(), request_index(), clock_);
    }
  }
  return *forge_;
}

const project::Services& Project::services() {
  if (!services_) {
    forge::Forge& used_forge = forge();  // Also finds the token that must never be stored.
    services_.emplace(project::Services{
        repository(), store(), run_index(), git(), processes_, used_forge, clock_, opening_.environment,
        places(), remote(), host_name(), secrets_, publisher(), start_limits(repository()),
        [this](std::string_view event, const Json& fields) { announce(event, fields); }, &interruption_});
  }
  return *services_;
}

notify::Alerts& Project::alerts() {
  if (!alerts_) {
    notify::AlertTerms terms;
    terms.environment = opening_.environment;
    terms.working_directory = repository().work_tree().value_or(repository().common_directory());
    const std::string section(notify::alert_section);
    alerts_.emplace(notify::read_alerts(repository().config_section(section)), std::move(terms), processes_,
                    [this](const std::string& problem) { message(fmt::format("warning: {}", problem)); });
  }
  return *alerts_;
}

void Project::announce(std::string_view event, const Json& fields) {
  announce({{std::string(event), fields}});
}

void Project::announce_tasks(const std::vector<store::TaskChange>& changes) {
  std::vector<events::EventLog::Event> all;
  for (const store::TaskChange& change : changes) {
    store::each_task_event(change.before, change.after, [&](std::string_view type, const Json& fields) {
      all.push_back({std::string(type), fields});
    });
  }
  announce(all);
}

void Project::announce(const std::vector<events::EventLog::Event>& all) {
  try {
    events().append_all(all);
  } catch (const Error& error) {
    message(fmt::format("this is missing among the events: {}", error.what()));
  }
  try {
    for (const auto& event : all) alerts().notify(event.name, event.fields);
  } catch (const std::exception& error) {
    message(fmt::format("no alert was given: {}", error.what()));
  }
  try {
    for (const auto& event : all) notice_event(*this, event.name, event.fields);
  } catch (const std::exception& error) {
    message(fmt::format("no notification was given: {}", error.what()));
  }
}

void Project::finish_alerts() {
  if (alerts_) alerts_->finish();
}

void Project::message(std::string_view text) const {
  if (opening_.on_message) opening_.on_message(text);
}

}  // namespace changeling::project
