#include "triggers/hook_run.hpp"

#include <doctest/doctest.h>

#include "project/hook_subscriptions.hpp"
#include "scheduled_place.hpp"
#include "support/files.hpp"

using namespace changeling;
using namespace changeling::triggers;

namespace {

constexpr const char* old_and_new =
    "0000000000000000000000000000000000000000 0123456789abcdef0123456789abcdef01234567 ";

struct Place : testing::ScheduledPlace {
  explicit Place(const std::string& definitions = testing::nightly_definition) : ScheduledPlace(definitions) {
    place.git("config changeling.hookDelay 0s");
  }
  HookOutcome handle(HookCall call) { return handle_hook(project, call); }
  std::string last_log_line() {
    const auto lines = project::hook_journal(project).last_log_lines(1);
    return lines.empty() ? "" : lines.front();
  }
  bool is_own(const std::vector<std::pair<std::string, std::string>>& variables) {
    project::Opening other = opening();
    for (const auto& [name, value] : variables) other.environment.set(name, value);
    project::Project opened(std::move(other));
    return is_caused_by_a_run(opened);
  }
};

}  // namespace

TEST_CASE("a push of nothing but the state starts nothing, and the log says why") {
  Place place;
  const HookOutcome outcome =
      place.handle({"post-receive", {}, old_and_new + std::string("refs/changelings/state\n")});
  CHECK(outcome.ignored == "only references of changelings moved");
  CHECK(outcome.started.empty());
  CHECK(place.last_log_line().ends_with("post-receive: nothing to do, " + outcome.ignored));
}

TEST_CASE("the state is known by the name that the configuration gives it") {
  Place place;
  place.place.git("config changeling.ref refs/elsewhere/state");
  place.place.git("update-ref refs/elsewhere/state refs/changelings/state");
  project::Project reopened(place.opening());
  const std::string line = old_and_new + std::string("refs/elsewhere/state\n");
  CHECK_FALSE(handle_hook(reopened, {"post-receive", {}, line}).ignored.empty());
  CHECK(place.handle({"post-receive", {}, old_and_new + std::string("refs/heads/main\n")}).ignored.empty());
}

TEST_CASE("a checkout of files is no event") {
  Place place;
  CHECK(place.handle({"post-checkout", {"a", "b", "0"}, ""}).ignored == "only files were checked out");
}

TEST_CASE("an event that nothing subscribes to starts nothing, and the log says so") {
  Place place;
  const HookOutcome outcome = place.handle({"post-merge", {"0"}, ""});
  CHECK(outcome.ignored.empty());
  CHECK(outcome.started.empty());
  CHECK(place.last_log_line().ends_with("post-merge: no enabled changeling is started by it"));
}

TEST_CASE("of several events in quick succession all but the first only leave a note") {
  Place place;
  const auto journal = project::hook_journal(place.project);
  journal.note_fired("post-commit");
  const auto lock = FileLock::try_acquire(journal.lock_file("post-merge"));
  REQUIRE(lock.has_value());
  CHECK(place.handle({"post-merge", {"0"}, ""}).ignored == "part of a burst");
  CHECK(journal.last_fired("post-merge").has_value());
  CHECK(place.last_log_line().empty());
}

TEST_CASE("a burst of one event holds up no other") {
  Place place;
  const auto journal = project::hook_journal(place.project);
  journal.note_fired("post-commit");
  const auto lock = FileLock::try_acquire(journal.lock_file("post-commit"));
  REQUIRE(lock.has_value());
  CHECK(place.handle({"post-merge", {"0"}, ""}).ignored.empty());
}

TEST_CASE("a hook does not start what is not trusted, and the log says how to approve it") {
  Place place("[changelings.helper]\nrun = \"true\"\non = [\"post-merge\"]\n");
  const HookOutcome outcome = place.handle({"post-merge", {"0"}, ""});
  CHECK(outcome.started.empty());
  CHECK(place.last_log_line().find("post-merge: did not start helper: 'helper' is not trusted") !=
        std::string::npos);
  REQUIRE(place.events().size() == 1);
  CHECK(place.events().front().at("trigger") == "post-merge");
}

TEST_CASE("what goes wrong for a hook is in the log, as nobody reads what it says") {
  Place place;
  place.place.git("config changeling.hookDelay soon");
  project::Project reopened(place.opening());
  CHECK_THROWS_AS(handle_hook(reopened, {"post-merge", {"0"}, ""}), Error);
  CHECK(place.last_log_line().find("changeling.hookDelay") != std::string::npos);
}

TEST_CASE("an event that a run caused is known by its environment or its worktree") {
  Place place;
  CHECK_FALSE(place.is_own({}));
  CHECK(place.is_own({{"CHANGELING_RUN", "abc234"}}));
  CHECK(place.is_own({{"CHANGELING_HOOKS", "off"}}));
  CHECK_FALSE(place.is_own({{"CHANGELING_HOOKS", "on"}}));
  const auto worktree = place.project.places().worktree("abc234");
  place.place.git("worktree add -q --detach " + worktree.string());
  project::Project inside({place.environment(), {worktree.string()}});
  CHECK(is_caused_by_a_run(inside));
}

TEST_CASE("a worktree of the user's own is none of a run's") {
  Place place;
  const auto worktree = place.home.path() / "mine";
  place.place.git("worktree add -q --detach " + worktree.string());
  project::Project inside({place.environment(), {worktree.string()}});
  CHECK_FALSE(is_caused_by_a_run(inside));
}

TEST_CASE("what git sets for one hook is not the person's environment") {
  const Environment given({{"HOME", "/home/ada"},
                           {"GIT_DIR", "/elsewhere/.git"},
                           {"GIT_INDEX_FILE", "/elsewhere/index"},
                           {"GIT_CONFIG_PARAMETERS", "'a.b=c'"},
                           {"GIT_AUTHOR_DATE", "1 +0000"},
                           {"GIT_COMMITTER_DATE", "1 +0000"}});
  const Environment cleaned = environment_of_person(given);
  CHECK(cleaned.get("HOME") == "/home/ada");
  for (const char* name :
       {"GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS", "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"}) {
    INFO(name);
    CHECK_FALSE(cleaned.get(name).has_value());
  }
}

TEST_CASE("who is at work is the committer, and not whose commit is picked") {
  const Environment cleaned = environment_of_person(Environment({{"GIT_AUTHOR_NAME", "Somebody"},
                                                                 {"GIT_AUTHOR_EMAIL", "some@example.com"},
                                                                 {"GIT_COMMITTER_NAME", "Ada"}}));
  CHECK(cleaned.get("GIT_AUTHOR_NAME") == "Ada");
  CHECK(cleaned.get("GIT_COMMITTER_NAME") == "Ada");
  CHECK_FALSE(cleaned.get("GIT_AUTHOR_EMAIL").has_value());
}
