#include "triggers/timer_installation.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../temporary_folder.hpp"
#include "project/registered_repositories.hpp"
#include "scheduled_place.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "triggers/tick_files.hpp"

using namespace changeling;
using namespace changeling::triggers;

namespace {

namespace fs = std::filesystem;

/// Keeps the crontab in a file beside itself, as the real one keeps it in the spool (tests/e2e has that one).
constexpr const char* crontab_program = R"(#!/bin/sh
file=$(dirname "$0")/spool
case $1 in
-l) cat "$file" 2>/dev/null || { echo "no crontab for tester" >&2; exit 1; } ;;
-r) rm "$file" ;;
*) test ! -e "$file.broken" && cat "$@" >"$file" ;;
esac
)";

/// A machine with cron, without systemd.
struct Machine : testing::ScheduledPlace {
  Machine() {
    programs.write_script("crontab", crontab_program);
    project::Opening with_cron = opening();
    with_cron.environment.set("PATH", programs.path().string() + ":" + std::getenv("PATH"));
    user.emplace(std::move(with_cron));
  }
  std::string spool() const { return read_file_if_exists(programs.path() / "spool").value_or(""); }
  bool has_script() { return fs::exists(tick_script_file(user->environment())); }
  bool is_registered() {
    const auto listed = project::RegisteredRepositories(user->environment()).list();
    return std::find(listed.begin(), listed.end(), user->repository().common_directory()) != listed.end();
  }

  test::TemporaryFolder programs;
  std::optional<project::Project> user;
};

}  // namespace

TEST_CASE("a timer is installed once, and knows the repository from then on") {
  Machine machine;
  const TimerInstalled first = install_timer(*machine.user, "cron");
  CHECK(first.backend == "cron");
  CHECK_FALSE(first.was_installed);
  CHECK(first.changed);
  CHECK(first.registered == machine.user->repository().common_directory());
  CHECK(machine.spool().find(tick_script_file(machine.user->environment()).string()) != std::string::npos);
  CHECK(machine.has_script());

  const TimerInstalled again = install_timer(*machine.user, "cron");
  CHECK(again.was_installed);
  CHECK_FALSE(again.changed);
  CHECK_FALSE(again.registered);
}

TEST_CASE("a backend that fails leaves no script behind") {
  Machine machine;
  machine.programs.write("spool.broken", "");
  CHECK_THROWS_AS(install_timer(*machine.user, "cron"), Error);
  CHECK_FALSE(machine.has_script());
  CHECK_FALSE(machine.is_registered());
}

TEST_CASE("taking the timer away leaves the crontab as it was, and the list of repositories") {
  Machine machine;
  machine.programs.write("spool", "0 4 * * * backup\n");
  install_timer(*machine.user, "cron");
  CHECK(uninstall_timers(*machine.user, "").backends == std::vector<std::string>{"cron"});
  CHECK(machine.spool() == "0 4 * * * backup\n");
  CHECK_FALSE(machine.has_script());
  CHECK(machine.is_registered());
  CHECK(uninstall_timers(*machine.user, "").backends.empty());
}

TEST_CASE("the standing tells of a script that is gone") {
  Machine machine;
  CHECK_FALSE(timer_standing(*machine.user, "cron").installed);
  install_timer(*machine.user, "cron");
  fs::remove(tick_script_file(machine.user->environment()));
  const TimerStanding standing = timer_standing(*machine.user, "cron");
  CHECK_FALSE(standing.installed);
  REQUIRE_FALSE(standing.state.problems.empty());
  CHECK(standing.state.problems.back().find("write it again") != std::string::npos);
  REQUIRE(standing.repositories.size() == 1);
  CHECK(standing.repositories[0].scheduled == 1);
}

TEST_CASE("a repository is forgotten by its folder, its git folder, and after it has gone") {
  Machine machine;
  const fs::path git_folder = machine.user->repository().common_directory();
  project::RegisteredRepositories registered(machine.user->environment());
  for (const std::string& name : {git_folder.string(), git_folder.parent_path().string(), std::string()}) {
    CAPTURE(name);
    REQUIRE(registered.add(git_folder));
    CHECK(project::forget_repository(*machine.user, name) == git_folder);
  }
  REQUIRE(registered.add("/nowhere/any/more/.git"));
  CHECK(project::forget_repository(*machine.user, "/nowhere/any/more") == "/nowhere/any/more/.git");
  CHECK_THROWS_AS(project::forget_repository(*machine.user, "/nowhere/any/more"), Error);
}
