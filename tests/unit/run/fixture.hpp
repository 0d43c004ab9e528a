#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "../temporary_repository.hpp"
#include "forge/local.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "project/places.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"
#include "store/records.hpp"
#include "store/store.hpp"
#include "support/process.hpp"

namespace changeling::testing {

/// A clock that stands still until a test moves it.
class SteppedClock : public Clock {
 public:
  Timestamp now() const override { return time; }
  Timestamp time = parse_timestamp("2026-11-20T12:00:00Z");
};

/// What runs see of the user: a home of their own, this machine's programs, no configuration of git.
inline Environment user_environment(const std::filesystem::path& home) {
  Environment environment = hermetic_environment();
  environment.set("HOME", home.string());
  environment.set("PATH", std::getenv("PATH"));
  return environment;
}

/// Services as one process of the program has them; open several on one repository to have several.
class OpenServices {
 public:
  /// `repository` is a work tree or bare; worktrees and the home folder go below `home`.
  OpenServices(const std::filesystem::path& repository_path, const std::filesystem::path& home,
               const std::string& remote = "")
      : environment(user_environment(home)),
        repository(git::Repository::discover(repository_path, environment)),
        places(repository, environment, (home / "work trees").string()),
        store(repository, clock, std::string(store::default_reference), {"Ada", "ada@example.com"},
              places.store_lock()),
        git(processes, environment, repository.common_directory()),
        requests(store, places.index_file()),
        forge(store, requests, clock),
        runs(store, places.local_folder() / "index.sqlite"),
        services{repository, store,       runs,   git,    processes,  forge,
                 clock,      environment, places, remote, "test-host"} {}

  SteppedClock clock;
  Environment environment;
  git::Repository repository;
  project::Places places;
  store::Store store;
  SystemProcessRunner processes;
  git::GitProgram git;
  store::PullRequestIndex requests;
  forge::LocalForge forge;
  store::RunIndex runs;
  project::Services services;
};

/// Collects what an observer is told.
struct Told {
  std::vector<std::string> messages;
  run::Observer observer() {
    run::Observer watching;
    watching.on_message = [this](std::string_view text) { messages.emplace_back(text); };
    return watching;
  }
};

/// A repository with one commit on main, its state, and services on it.
class RunFixture {
 public:
  RunFixture() {
    write(home.path() / "file.txt", "one\n");
    home.git("add .");
    home.git("commit -q -m start");
    open.emplace(home.path(), user.path());
    open->store.initialize();
  }

  static void write(const std::filesystem::path& path, const std::string& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }
  /// Runs a line for the shell in `folder`, with git kept away from the user's configuration, and returns
  /// what it prints without the final newline. Throws when it fails.
  std::string shell(const std::filesystem::path& folder, const std::string& line) const {
    Command command;
    command.arguments = {"/bin/sh", "-ec", line};
    command.working_directory = folder;
    Environment environment = user_environment(user.path());
    for (const char* who : {"AUTHOR", "COMMITTER"}) {
      environment.set(std::string("GIT_") + who + "_NAME", "Agent");
      environment.set(std::string("GIT_") + who + "_EMAIL", "agent@example.com");
    }
    command.environment = environment;
    ProcessResult result = SystemProcessRunner().run(command);
    if (!result.status.success()) throw std::runtime_error("failed: " + line + ": " + result.error);
    while (result.output.ends_with('\n')) result.output.pop_back();
    return result.output;
  }
  git::ObjectId main() const { return *open->repository.resolve("refs/heads/main"); }
  const project::Services& services() const { return open->services; }

  TemporaryFolder user;
  TemporaryRepository home;
  std::optional<OpenServices> open;
};

inline store::RunRecord running_record(const std::string& id, const std::string& changeling = "sprite") {
  store::RunRecord record;
  record.id = id;
  record.changeling = changeling;
  record.trigger = "manual";
  record.agent = "command";
  record.base = "main";
  record.host = "test-host";
  record.actor = "Ada <ada@example.com>";
  record.started_at = SteppedClock().now();
  return record;
}

}  // namespace changeling::testing
