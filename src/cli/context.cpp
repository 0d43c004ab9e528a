#include "cli/context.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "forge/github.hpp"
#include "forge/local.hpp"
#include "forge/select.hpp"
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

/// As git decides who commits, with a fallback of our own: a machine without an identity can still work.
git::Identity actor(const git::Repository& repository, const Environment& environment) {
  const auto configured = repository.user_identity();
  git::Identity identity = configured.value_or(git::Identity{"git-changeling", "git-changeling@localhost"});
  if (const auto name = environment.get("GIT_AUTHOR_NAME"); name && !name->empty()) identity.name = *name;
  if (const auto email = environment.get("GIT_AUTHOR_EMAIL"); email && !email->empty())
    identity.email = *email;
  return identity;
}

}  // namespace

Context::Context(Environment environment, GlobalOptions options)
    : environment_(std::move(environment)),
      options_(std::move(options)),
      terminal_(Terminal::detect(environment_)) {}

git::Repository& Context::repository() {
  if (!repository_) {
    fs::path start = fs::current_path();
    for (const std::string& directory : options_.directories) start /= directory;
    if (!fs::is_directory(start)) {
      throw Error(ErrorKind::NotFound, fmt::format("there is no folder {}", start.string()));
    }
    repository_ = git::Repository::discover(fs::canonical(start), environment_);
  }
  return *repository_;
}

const git::GitProgram& Context::git() {
  if (!git_) {
    Environment environment = environment_;
    // With a person at the terminal git may ask for a password; otherwise nothing may wait for one.
    if (terminal_.input_is_terminal && terminal_.error_is_terminal)
      environment.set("GIT_TERMINAL_PROMPT", "1");
    git_.emplace(processes_, environment, repository().common_directory());
  }
  return *git_;
}

store::Store& Context::store() {
  if (!store_) {
    std::string reference =
        repository().config("changeling.ref").value_or(std::string(store::default_reference));
    store_.emplace(repository(), clock_, std::move(reference), actor(repository(), environment_),
                   places().store_lock());
  }
  return *store_;
}

store::Snapshot Context::snapshot() {
  return store().snapshot();
}

void Context::require_state() {
  if (store().exists()) return;
  throw Error(ErrorKind::NotFound, "this repository has no changelings yet",
              "start with: git changeling init");
}

store::EventLog& Context::events() {
  if (!events_) events_.emplace(places().local_folder() / "events.jsonl", clock_);
  return *events_;
}

store::TaskQueue& Context::tasks() {
  if (!tasks_) {
    index_.emplace(store(), places().local_folder() / "index.sqlite");
    tasks_.emplace(store(), *index_, clock_,
                   [this](const std::string&, const queue::Task* before, const queue::Task* after) {
                     store::append_task_events(events(), before, after);
                   });
  }
  return *tasks_;
}

const run::Places& Context::places() {
  if (!places_) {
    places_.emplace(repository(), environment_, repository().config("changeling.worktreeRoot").value_or(""));
  }
  return *places_;
}

const std::string& Context::remote() {
  if (!remote_) {
    const auto names = repository().remotes();
    const auto configured = repository().config("changeling.remote");
    const auto exists = [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (configured && !configured->empty() && !exists(*configured)) {
      throw Error(ErrorKind::NotFound, fmt::format("changeling.remote: there is no remote '{}'", *configured),
                  "see: git remote -v");
    }
    if (configured) {
      remote_ = *configured;
    } else if (exists("origin")) {
      remote_ = "origin";
    } else {
      remote_ = names.size() == 1 ? names.front() : "";
    }
  }
  return *remote_;
}

forge::Forge& Context::forge() {
  if (!forge_) {
    forge::ForgeConfiguration configuration;
    configuration.forge = repository().config("changeling.forge").value_or("");
    configuration.api_url = repository().config("changeling.apiUrl").value_or("");
    if (!remote().empty()) {
      // `git remote get-url` applies url.*.insteadOf; the configured one is as the user wrote it.
      const ProcessResult effective = git().run({"remote", "get-url", remote()});
      if (effective.status.success()) {
        configuration.remote_urls.push_back(effective.output.substr(0, effective.output.find('\n')));
      }
      if (const auto written = repository().remote_url(remote()))
        configuration.remote_urls.push_back(*written);
    }
    const auto choice = forge::choose_forge(configuration, [&](const forge::TokenQuery& query) {
      return forge::find_token(query, environment_, processes_, repository().common_directory());
    });
    if (choice.kind == forge::ForgeKind::GitHub) {
      forge_ = std::make_unique<forge::GitHubForge>(http_, clock_, forge::RetryPolicy{}, choice);
    } else {
      forge_ = std::make_unique<forge::LocalForge>(store(), clock_);
    }
  }
  return *forge_;
}

const run::Services& Context::services() {
  if (!services_) {
    services_.emplace(run::Services{
        repository(), store(), git(), processes_, forge(), clock_, environment_, places(), remote(),
        host_name(), [this](std::string_view event, const Json& fields) { events().append(event, fields); }});
  }
  return *services_;
}

void Context::message(std::string_view text) const {
  if (options_.quiet) return;
  const std::string line = fmt::format("{}\n", text);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace changeling::cli
