#include "cli/context.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <utility>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cli/forge_choice.hpp"
#include "cli/interrupt.hpp"
#include "cli/limits.hpp"
#include "cli/output.hpp"
#include "cli/registered_repositories.hpp"
#include "cli/sharing.hpp"
#include "forge/github.hpp"
#include "forge/local.hpp"
#include "git/remote_choice.hpp"
#include "project/settings.hpp"
#include "run/live_run.hpp"
#include "run/moved_repository.hpp"
#include "store/task_events.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::cli {
namespace {

namespace fs = std::filesystem;

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

/// Editors, pagers and whatever else is started with the environment of this process get none of what git has
/// said about a repository; we go by environment_.
void leave_repository_variables_behind(const Environment& environment) {
  for (const auto& [name, value] : environment.variables()) {
    if (git::is_repository_variable(name, value)) ::unsetenv(name.c_str());
  }
}

}  // namespace

Context::Context(Environment environment, GlobalOptions options)
    : environment_(std::move(environment)),
      options_(std::move(options)),
      terminal_(Terminal::detect(environment_)),
      signals_(interruption_, interrupted_while_waiting) {
  leave_repository_variables_behind(environment_);
}

fs::path Context::start_folder() const {
  fs::path start = fs::current_path();
  for (const std::string& directory : options_.directories) start /= directory;
  if (!fs::is_directory(start)) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no folder {}", start.string()));
  }
  return fs::canonical(start);
}

git::Repository& Context::repository() {
  if (!repository_) repository_ = git::Repository::discover(start_folder(), environment_);
  return *repository_;
}

std::optional<git::WorkTree> Context::work_tree() {
  // git refuses to look into a bare repository where safe.bareRepository is "explicit"; we have found it
  // already.
  if (repository().is_bare()) return std::nullopt;
  return git::opened_work_tree(processes_, environment_, start_folder());
}

const git::GitProgram& Context::git() {
  if (!git_) {
    const bool watched = terminal_.input_is_terminal && terminal_.error_is_terminal;
    // In the work tree, where git itself would be: it is what a remote such as "../origin.git" is relative
    // to.
    const auto directory = repository().work_tree().value_or(repository().common_directory());
    git_.emplace(processes_, environment_, directory, watched ? Session::Shared : Session::Own);
    git_->use(repository().place());
    if (project::switch_setting(repository(), "changeling.sign")) git_->sign_commits(git::Signing::On);
    git_->interrupt_by(interruption_);
  }
  return *git_;
}

void Context::show_transfers() {
  if (!terminal_.error_is_terminal || options_.quiet || options_.json) return;
  git();
  git_->watch_transfers([this](auto transfer, const std::string& remote, auto elapsed) {
    transfer_line_.show(transfer, remote, elapsed);
  });
}

store::Store& Context::store() {
  if (!store_) {
    std::string reference =
        repository().config("changeling.ref").value_or(std::string(store::default_reference));
    store_.emplace(
        repository(), clock_, std::move(reference), [this] { return repository().user_identity(); },
        places().store_lock());
    if (project::switch_setting(repository(), "changeling.sign"))
      store_->make_commits_with([this](const git::NewCommit& commit) { return git().create_commit(commit); });
  }
  return *store_;
}

store::Snapshot Context::snapshot() {
  return store().snapshot();
}

const std::shared_ptr<store::RecordIndex>& Context::record_index() {
  if (!record_index_) record_index_ = std::make_shared<store::RecordIndex>(store(), places().index_file());
  return record_index_;
}

store::RunIndex& Context::run_index() {
  if (!run_index_) run_index_.emplace(record_index());
  return *run_index_;
}

store::PullRequestIndex& Context::request_index() {
  if (!request_index_) request_index_.emplace(record_index());
  return *request_index_;
}

store::PullRequestIndex& Context::current_requests() {
  request_index().follow();
  return request_index();
}

store::RunIndex& Context::current_runs() {
  run_index().follow();
  damage_.note(run_index().unreadable());
  return run_index();
}

void Context::require_state() {
  if (!store().exists()) {
    throw Error(ErrorKind::NotFound, "this repository has no changelings yet",
                "start with: git changeling init");
  }
  if (std::exchange(has_named_unknown_settings_, true)) return;
  for (const std::string& unknown : project::unknown_settings(repository()))
    message("warning: " + project::complaint_about(unknown));
}

store::EventLog& Context::events() {
  if (!events_) events_.emplace(places().local_folder() / "events.jsonl", clock_);
  return *events_;
}

store::TaskQueue& Context::tasks() {
  if (!tasks_) {
    index_.emplace(record_index());
    tasks_.emplace(store(), *index_, clock_,
                   [this](const std::vector<store::TaskChange>& changes) { announce_tasks(changes); });
    lease_watch_.emplace(run::lease_watch(places()));
    tasks_->watch_leases_with(&*lease_watch_);
    tasks_->publish_through(publisher());
  }
  return *tasks_;
}

store::Publisher* Context::publisher() {
  if (!publisher_ && shares_by_itself(*this))
    publisher_ = open_sync(*this, remote(), automatic_time_limit(*this));
  return publisher_.get();
}

const run::Places& Context::places() {
  if (!places_) {
    places_.emplace(repository(), environment_, repository().config("changeling.worktreeRoot").value_or(""));
    if (const auto before = run::follow_move(repository(), git(), *places_))
      follow_registration(*this, *before);
  }
  return *places_;
}

const std::string& Context::remote() {
  if (!remote_) {
    const git::RemoteChoice choice = git::choose_remote(git::remote_facts(repository()));
    // Sharing must not stop silently.
    if (!choice.problem.empty()) message(fmt::format("warning: {}; {}", choice.problem, choice.hint));
    remote_ = choice.name;
  }
  return *remote_;
}

forge::Forge& Context::forge() {
  if (!forge_) {
    const forge::ForgeChoice choice = forge_choice(*this);
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

const run::Services& Context::services() {
  if (!services_) {
    forge::Forge& used_forge = forge();  // Also finds the token that must never be stored.
    services_.emplace(run::Services{
        repository(), store(), run_index(), git(), processes_, used_forge, clock_, environment_, places(),
        remote(), host_name(), secrets_, publisher(), start_limits(repository()),
        [this](std::string_view event, const Json& fields) { announce(event, fields); }, &interruption_});
  }
  return *services_;
}

work::Alerts& Context::alerts() {
  if (!alerts_) {
    work::AlertTerms terms;
    terms.environment = environment_;
    terms.working_directory = repository().work_tree().value_or(repository().common_directory());
    const std::string section(work::alert_section);
    alerts_.emplace(work::read_alerts(repository().config_section(section)), std::move(terms), processes_,
                    [this](const std::string& problem) { message(fmt::format("warning: {}", problem)); });
  }
  return *alerts_;
}

void Context::announce(std::string_view event, const Json& fields) {
  announce({{std::string(event), fields}});
}

void Context::announce_tasks(const std::vector<store::TaskChange>& changes) {
  std::vector<store::EventLog::Event> all;
  for (const store::TaskChange& change : changes) {
    store::each_task_event(change.before, change.after, [&](std::string_view type, const Json& fields) {
      all.push_back({std::string(type), fields});
    });
  }
  announce(all);
}

void Context::announce(const std::vector<store::EventLog::Event>& all) {
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
}

void Context::finish_alerts() {
  if (alerts_) alerts_->finish();
}

void Context::message(std::string_view text) const {
  if (options_.quiet) return;
  const std::string line = fmt::format("{}\n", harmless(text));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace changeling::cli
