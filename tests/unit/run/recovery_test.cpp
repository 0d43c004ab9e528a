#include "run/recovery.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "dead_process.hpp"
#include "fixture.hpp"
#include "run/live_run.hpp"
#include "run/workspace.hpp"
#include "store/lease_watch.hpp"
#include "support/files.hpp"

using namespace changeling;
using changeling::run::LiveRun;
using changeling::run::Workspace;
using changeling::testing::OpenServices;
using changeling::testing::RunFixture;
using changeling::testing::running_record;
using changeling::testing::Told;

namespace {

const std::string run_id = "abcdefgh";
const std::string branch = "changelings/sprite/abcdefgh";

/// Begins the run and never ends it: the process dies with it.
void begin(OpenServices& own) {
  auto live = LiveRun::begin(own.services, {}, running_record(run_id), {OverlapPolicy::Skip});
  new LiveRun(std::get<LiveRun>(std::move(live)));
}

/// As far as a run has come when its agent starts.
Workspace begin_with_worktree(OpenServices& own) {
  begin(own);
  const git::ObjectId start = *own.repository.resolve("refs/heads/main");
  run::write_start_note(own.places.run(run_id), {"main", start.hex(), start.hex(), branch});
  const Workspace workspace = Workspace::create(own.services, run_id, branch, start);
  workspace.write_excludes({});
  workspace.write_scratch("prompt.md", "prompt");
  return workspace;
}

struct RecoveryFixture : RunFixture {
  std::vector<store::RunRecord> recover() { return run::recover_dead_runs(services(), told.observer()); }
  store::RunRecord stored() const {
    const auto run = store::read_run(open->store.snapshot(), run_id);
    REQUIRE(run);
    return *run;
  }
  void check_clean() {
    CHECK_FALSE(std::filesystem::exists(open->places.worktree(run_id)));
    CHECK_FALSE(std::filesystem::exists(open->places.run(run_id).git()));
    CHECK_FALSE(std::filesystem::exists(open->places.run(run_id).lock()));
    CHECK(told.messages.empty());
    CHECK(recover().empty());
    CHECK(home.is_sound());
  }
  Told told;
};

}  // namespace

TEST_CASE_FIXTURE(RecoveryFixture, "nothing to do where nothing ran") {
  CHECK(recover().empty());
  const LiveRun live =
      std::get<LiveRun>(LiveRun::begin(services(), {}, running_record(run_id), {OverlapPolicy::Skip}));
  CHECK(recover().empty());
  CHECK(stored().status == store::RunStatus::Running);
  CHECK(std::filesystem::exists(live.files().lock()));
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed before the record: its folder goes") {
  die_after(*this, [](OpenServices& own) {
    new auto(FileLock::try_acquire(own.places.run(run_id).lock()));
    write_file(own.places.run(run_id).process(), "1\n");
  });
  CHECK(recover().empty());
  CHECK(open->places.local_runs().empty());
  CHECK(told.messages.empty());
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed after the remote had the record and before it was here") {
  struct Remote : store::Publisher {
    FileLock begin() override { throw Error(ErrorKind::Unavailable, "not asked"); }
    void catch_up() override {}
    Publication publish(const git::ObjectId&) override { return Publication::Outdated; }
    Publication replace(const git::ObjectId&, const git::ObjectId&) override { return Publication::Outdated; }
  } remote;
  die_after(*this, [](OpenServices& own) {
    new auto(FileLock::try_acquire(own.places.run(run_id).lock()));
    write_file(own.places.run(run_id).process(), "1\n");
  });
  open->services.publisher = &remote;
  CHECK(recover().empty());
  CHECK(open->places.local_runs() == std::vector{run_id});

  // A sync brings it.
  open->store.update({"test", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, running_record(run_id));
  });
  open->services.publisher = nullptr;
  CHECK(recover().size() == 1);
  CHECK(stored().outcome == store::Outcome::Killed);
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed before the worktree: the record says killed") {
  die_after(*this, begin);
  open->clock.time += std::chrono::minutes(3);
  const auto recovered = recover();
  REQUIRE(recovered.size() == 1);
  CHECK(stored().outcome == store::Outcome::Killed);
  CHECK(stored().duration == std::chrono::minutes(3));
  CHECK(stored().error == "the program that led this run was killed");
  CHECK(stored().branch.empty());
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed between the note and the worktree") {
  die_after(*this, [](OpenServices& own) {
    begin(own);
    const std::string start = own.repository.resolve("refs/heads/main")->hex();
    run::write_start_note(own.places.run(run_id), {"main", start, start, branch});
  });
  CHECK(recover().size() == 1);
  CHECK(stored().branch.empty());
  CHECK(stored().start == main().hex());
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed while git makes the worktree: nothing of it is taken for work") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    std::filesystem::remove(own.places.run(run_id).git() / "made");
    std::filesystem::remove(workspace.path() / "file.txt");
  });
  CHECK(recover().size() == 1);
  CHECK(stored().outcome == store::Outcome::Killed);
  CHECK(stored().branch.empty());
  CHECK_FALSE(open->repository.resolve("refs/heads/" + branch));
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed before the agent did anything: the branch goes, too") {
  die_after(*this, [](OpenServices& own) { begin_with_worktree(own); });
  CHECK(recover().size() == 1);
  CHECK_FALSE(open->repository.resolve("refs/heads/" + branch));
  CHECK(stored().base == "main");
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed while the agent worked: its work is on the run's branch") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    write(workspace.path() / "new file.txt", "work");
    write(workspace.path() / ".git/index.lock", "");
  });
  CHECK(recover().size() == 1);
  CHECK(stored().branch == branch);
  CHECK(shell(home.path(), "git show '" + branch + ":new file.txt'") == "work");
  CHECK(stored().head == open->repository.resolve("refs/heads/" + branch)->hex());
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed while the worktree was removed") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    std::filesystem::remove_all(workspace.path());
  });
  CHECK(recover().size() == 1);
  CHECK(stored().outcome == store::Outcome::Killed);
  CHECK_FALSE(std::filesystem::exists(open->places.run(run_id).git()));
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed after the pull request was opened: the record names it") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    write(workspace.path() / "new.txt", "work");
    workspace.commit_leftovers("work");
    forge::Proposal proposal;
    proposal.changeling = "sprite";
    proposal.run = run_id;
    proposal.branch = branch;
    proposal.base = "main";
    proposal.head = workspace.head().hex();
    proposal.title = "work";
    std::vector<std::string> warnings;
    own.forge.open(proposal, warnings);
  });
  CHECK(recover().size() == 1);
  REQUIRE(stored().pull_request);
  CHECK(stored().pull_request->number == 1);
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "killed after the last record: only what lies around goes") {
  die_after(*this, [](OpenServices& own) {
    begin_with_worktree(own);
    own.store.update({"finish", "run.finish", {}},
                     [](const store::Snapshot& snapshot, store::Change& change) {
                       auto run = *store::read_run(snapshot, run_id);
                       run.status = store::RunStatus::Finished;
                       run.outcome = store::Outcome::NoChanges;
                       store::write_run(change, run);
                     });
  });
  CHECK(recover().empty());
  CHECK(stored().outcome == store::Outcome::NoChanges);
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "a run that was replaced and then killed is finished, too") {
  die_after(*this, begin);
  auto second = LiveRun::begin(services(), {}, running_record("run-two"), {OverlapPolicy::Replace});
  REQUIRE(std::holds_alternative<LiveRun>(second));
  CHECK(recover().size() == 1);
  CHECK(stored().outcome == store::Outcome::Killed);
  CHECK(std::get<LiveRun>(second).holds_lease(services()));
}

TEST_CASE_FIXTURE(RecoveryFixture, "processes of the dead run are ended") {
  die_after(*this, begin);
  Command command;
  command.arguments = {"/bin/sh", "-c", "setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $!"};
  Environment environment = open->environment;
  environment.set("CHANGELING_RUN", run_id);
  command.environment = environment;
  const int sleeper = std::stoi(SystemProcessRunner().run(command).output);
  CHECK(recover().size() == 1);
  std::error_code gone;
  const std::string state = read_file_if_exists("/proc/" + std::to_string(sleeper) + "/stat").value_or("");
  // Ended; whoever inherited it may not have looked yet.
  CHECK((state.empty() || state.find(") Z ") != std::string::npos));
}

TEST_CASE_FIXTURE(RecoveryFixture, "what cannot be recovered now is told and tried again") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    write(workspace.path() / "new.txt", "work");
    write_file(own.places.run(run_id).start(), "{ half a fi");
  });
  CHECK(recover().empty());
  REQUIRE(told.messages.size() == 1);
  CHECK(told.messages.front().starts_with("could not clean up after run " + run_id));
  CHECK(stored().status == store::RunStatus::Running);
  told.messages.clear();
  run::write_start_note(open->places.run(run_id), {"main", main().hex(), main().hex(), branch});
  CHECK(recover().size() == 1);
  CHECK(shell(home.path(), "git show " + branch + ":new.txt") == "work");
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture, "a worktree whose work cannot be read stays, and the record says where") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    write(workspace.path() / "new.txt", "work");
    std::filesystem::remove_all(own.places.run(run_id).git());
  });
  CHECK(recover().size() == 1);
  CHECK(stored().outcome == store::Outcome::Killed);
  CHECK(stored().error.find(open->places.worktree(run_id).string()) != std::string::npos);
  CHECK(read_file(open->places.worktree(run_id) / "new.txt") == "work");
}

TEST_CASE_FIXTURE(RecoveryFixture, "of several processes that clean up one does it") {
  die_after(*this, [](OpenServices& own) {
    const Workspace workspace = begin_with_worktree(own);
    write(workspace.path() / "new.txt", "work");
  });
  std::atomic<int> recovered = 0;
  std::atomic<int> messages = 0;
  std::vector<std::thread> crowd;
  for (int number = 0; number < 3; ++number) {
    crowd.emplace_back([&] {
      OpenServices own(home.path(), user.path());
      Told own_told;
      recovered += static_cast<int>(run::recover_dead_runs(own.services, own_told.observer()).size());
      messages += static_cast<int>(own_told.messages.size());
    });
  }
  for (std::thread& one : crowd) one.join();
  CHECK(recovered == 1);
  CHECK(messages == 0);
  CHECK(shell(home.path(), "git show " + branch + ":new.txt") == "work");
  check_clean();
}

TEST_CASE_FIXTURE(RecoveryFixture,
                  "a run of a machine that is presumed dead is finished as killed, with a sentence") {
  store::RunRecord record = running_record(run_id);
  record.expires_at = record.started_at + std::chrono::hours(2);
  record.lease = {run_id, 1};
  services().store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, record);
  });
  run::finish_lost_runs(services(), told.observer());
  CHECK(stored().status == store::RunStatus::Running);
  CHECK(told.messages.empty());
  open->clock.time = *record.expires_at + std::chrono::hours(5);
  run::finish_lost_runs(services(), told.observer());
  CHECK(told.messages.empty());
  open->clock.time = *record.expires_at + store::LeaseWatch::doubt + Duration(1);
  run::finish_lost_runs(services(), told.observer());
  CHECK(stored().outcome == store::Outcome::Killed);
  CHECK(stored().error.find("test-host was to end it by ") == 0);
  CHECK(stored().lease.token == 2);
  REQUIRE(told.messages.size() == 1);
  run::finish_lost_runs(services(), told.observer());
  CHECK(told.messages.size() == 1);
}
