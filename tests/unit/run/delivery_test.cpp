#include "run/delivery.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "run/proven_work.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::OpenServices;
using changeling::testing::RunFixture;
using changeling::testing::running_record;
using changeling::testing::Told;

namespace {

const std::string run_branch = "changelings/sprite/run-one";

/// Fails as a test says; needs the branch on the remote, as forges elsewhere do.
class FailingForge : public forge::LocalForge {
 public:
  using LocalForge::LocalForge;
  bool needs_pushed_branch() const override { return needs_branch; }
  forge::PullRequest open(const forge::Proposal& proposal, std::vector<std::string>& warnings) override {
    fail();
    return LocalForge::open(proposal, warnings);
  }
  std::vector<std::string> rejected_patch_ids(const std::string& changeling) override {
    if (no_answer) throw *no_answer;
    return LocalForge::rejected_patch_ids(changeling);
  }
  std::string open_issue(const std::string& title, const std::string&,
                         const std::vector<std::string>&) override {
    fail();
    issues.push_back(title);
    return "https://forge.example/issues/1";
  }

  bool needs_branch = true;
  std::optional<Error> failure;    ///< Of what is to be delivered.
  std::optional<Error> no_answer;  ///< To questions.
  std::vector<std::string> issues;

 private:
  void fail() const {
    if (failure) throw *failure;
  }
};

struct DeliveryFixture : RunFixture {
  DeliveryFixture() : forge(open->store, open->requests, open->clock) {
    shell(user.path(), "git clone -q --bare " + home.path().string() + " remote.git");
    home.git("remote add origin " + (user.path() / "remote.git").string());
    home.git("fetch -q origin");
    shell(home.path(), "git checkout -q -b " + run_branch +
                           " && echo x >work && git add . && git commit -qm work && git checkout -q main");
    auto record = running_record("run-one");
    record.status = store::RunStatus::Finished;
    record.outcome = store::Outcome::Failed;
    record.outage = true;
    open->store.update({"test", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_run(change, record);
    });
    run::note_own_head(chosen(), {"run-one", run_branch, head(), main().hex(), main().hex()});
  }
  std::string head() const { return open->repository.resolve("refs/heads/" + run_branch)->hex(); }
  project::Services chosen() {
    const project::Services& own = services();
    return {own.repository, own.store,       own.runs,   own.git,  own.processes, forge,
            own.clock,      own.environment, own.places, "origin", own.host};
  }
  project::OutboxEntry entry() const {
    project::OutboxEntry entry;
    entry.proposal.changeling = "sprite";
    entry.proposal.run = "run-one";
    entry.proposal.branch = entry.own_branch = run_branch;
    entry.proposal.base = "main";
    entry.proposal.base_commit = main().hex();
    entry.proposal.head = head();
    entry.proposal.title = "title";
    entry.proposal.patch_id = "patch";
    entry.outcome = store::Outcome::OpenedPr;
    return entry;
  }
  ErrorKind fail_to_deliver(const project::OutboxEntry& entry) {
    try {
      run::deliver(chosen(), told.observer(), entry, [] {});
    } catch (const Error& error) {
      message = error.what();
      return error.kind();
    }
    FAIL("delivered");
    return ErrorKind::Internal;
  }
  void hook_on_remote(const std::string& name, const std::string& body) {
    const auto file = user.path() / "remote.git/hooks" / name;
    write(file, "#!/bin/sh\n" + body + "\n");
    ::chmod(file.c_str(), 0755);
  }
  run::OutboxReport send() { return run::send_outbox(chosen(), told.observer(), run::Due::Everything); }
  store::RunRecord record() const { return *store::read_run(open->store.snapshot(), "run-one"); }
  bool waits() const { return open->places.outbox().has("run-one"); }

  FailingForge forge;
  Told told;
  std::string message;
};

}  // namespace

TEST_CASE_FIXTURE(DeliveryFixture, "whatever may be mended leaves the work in the outbox") {
  for (const ErrorKind kind : {ErrorKind::Unavailable, ErrorKind::External, ErrorKind::Interrupted,
                               ErrorKind::Io, ErrorKind::NotFound}) {
    forge.failure = Error(kind, "no answer", "");
    CHECK(fail_to_deliver(entry()) == kind);
    CHECK(message == "no answer; it stays in the outbox and is sent later");
    CHECK(waits());
  }
  SUBCASE("and the next sync sends it") {
    forge.failure.reset();
    CHECK(send().sent == std::vector<std::string>{"run-one"});
    CHECK(record().outcome == store::Outcome::OpenedPr);
    CHECK_FALSE(record().outage);
    CHECK(record().pull_request->number == 1);
    CHECK_FALSE(waits());
  }
  SUBCASE("or says what still waits and why") {
    forge.failure = Error(ErrorKind::External, "the token is not accepted", "make a new one");
    const run::OutboxReport report = send();
    REQUIRE(report.waiting.size() == 1);
    CHECK(report.waiting.front().run == "run-one");
    CHECK(report.waiting.front().reason.find("the token is not accepted") != std::string::npos);
    CHECK(report.waiting.front().reason.find("make a new one") != std::string::npos);
    CHECK(waits());
  }
  SUBCASE("until a rule of the forge speaks the last word") {
    forge.failure = Error(ErrorKind::Refused, "this title is not allowed", "");
    const run::OutboxReport report = send();
    REQUIRE(report.refused.size() == 1);
    CHECK(report.refused.front() == run_branch + ": this title is not allowed");
    CHECK_FALSE(waits());
    CHECK(record().error == "this title is not allowed");
    CHECK_FALSE(record().outage);
  }
}

TEST_CASE_FIXTURE(DeliveryFixture, "a question that the forge refuses to answer is no last word") {
  forge.failure = Error(ErrorKind::Unavailable, "no answer", "");
  CHECK(fail_to_deliver(entry()) == ErrorKind::Unavailable);
  forge.failure.reset();
  forge.no_answer = Error(ErrorKind::Refused, "the search is not valid", "");
  const run::OutboxReport report = send();
  CHECK(report.refused.empty());
  REQUIRE(report.waiting.size() == 1);
  CHECK(report.waiting.front().reason == "the search is not valid");
  CHECK(waits());
  forge.no_answer.reset();
  CHECK(send().sent == std::vector<std::string>{"run-one"});
}

TEST_CASE_FIXTURE(DeliveryFixture, "a request whose branch a hook of the remote does not take is complete") {
  forge.needs_branch = false;
  SUBCASE("at once") {
    hook_on_remote("pre-receive", "echo 'no such branches' >&2; exit 1");
    const auto delivered = run::deliver(chosen(), told.observer(), entry(), [] {});
    CHECK(delivered.not_taken.find("no such branches") != std::string::npos);
    CHECK(delivered.pull_request.number == 1);
    run::settle(chosen(), "run-one");
    CHECK_FALSE(waits());
  }
  SUBCASE("when it is sent later") {
    const std::filesystem::path remote = user.path() / "remote.git";
    std::filesystem::rename(remote, user.path() / "away");
    const auto delivered = run::deliver(chosen(), told.observer(), entry(), [] {});
    CHECK(delivered.not_taken.empty());
    run::settle(chosen(), "run-one");
    CHECK(waits());
    REQUIRE(send().waiting.size() == 1);
    std::filesystem::rename(user.path() / "away", remote);
    hook_on_remote("pre-receive", "echo 'no such branches' >&2; exit 1");
    const run::OutboxReport report = send();
    REQUIRE(report.refused.size() == 1);
    CHECK(report.refused.front().find("no such branches") != std::string::npos);
    CHECK_FALSE(waits());
    CHECK(record().outcome == store::Outcome::OpenedPr);
    CHECK(record().error == report.refused.front());
  }
}

TEST_CASE_FIXTURE(DeliveryFixture, "a rule of the forge is the last word at once") {
  forge.failure = Error(ErrorKind::Refused, "not allowed here", "");
  CHECK(fail_to_deliver(entry()) == ErrorKind::Refused);
  CHECK_FALSE(waits());
}

TEST_CASE_FIXTURE(DeliveryFixture, "a hook of the remote is the last word, told in its own words") {
  hook_on_remote("pre-receive", "echo 'no commits on Fridays' >&2; exit 1");
  CHECK(fail_to_deliver(entry()) == ErrorKind::Refused);
  CHECK(message.find("pre-receive hook declined") != std::string::npos);
  CHECK(message.find("no commits on Fridays") != std::string::npos);
  CHECK_FALSE(waits());
}

TEST_CASE_FIXTURE(DeliveryFixture, "a remote that is not there is no last word") {
  std::filesystem::remove_all(user.path() / "remote.git");
  CHECK(fail_to_deliver(entry()) == ErrorKind::Unavailable);
  CHECK(waits());
}

TEST_CASE_FIXTURE(DeliveryFixture,
                  "what was to continue a request that is not open any more becomes a new one") {
  const auto first = run::deliver(chosen(), told.observer(), entry(), [] {});
  CHECK_FALSE(first.updated);
  shell(home.path(), "git checkout -q -b changelings/sprite/run-two " + run_branch +
                         " && git commit -q --allow-empty -m more && git checkout -q main");
  project::OutboxEntry next = entry();
  next.proposal.run = "run-two";
  next.proposal.head = open->repository.resolve("refs/heads/changelings/sprite/run-two")->hex();
  next.own_branch = "changelings/sprite/run-two";
  next.continues = first.pull_request.number;
  next.outcome = store::Outcome::UpdatedPr;
  SUBCASE("closed") {
    forge.close(first.pull_request.number, "no");
    const auto second = run::deliver(chosen(), told.observer(), next, [] {});
    CHECK_FALSE(second.updated);
    CHECK(second.pull_request.number != first.pull_request.number);
    CHECK(second.branch == "changelings/sprite/run-two");
    CHECK(second.outcome == store::Outcome::OpenedPr);
    CHECK(shell(user.path() / "remote.git", "git rev-parse " + run_branch) == entry().proposal.head);
  }
  SUBCASE("open") {
    const auto second = run::deliver(chosen(), told.observer(), next, [] {});
    CHECK(second.updated);
    CHECK(second.pull_request.number == first.pull_request.number);
    CHECK(second.outcome == store::Outcome::UpdatedPr);
  }
}

TEST_CASE_FIXTURE(DeliveryFixture, "a change that people rejected while it waited is not proposed") {
  forge.failure = Error(ErrorKind::Unavailable, "no answer", "");
  fail_to_deliver(entry());
  forge.failure.reset();
  project::OutboxEntry other = entry();
  other.proposal.run = "run-zero";
  forge.close(run::deliver(chosen(), told.observer(), other, [] {}).pull_request.number, "no");
  run::settle(chosen(), "run-zero");
  const run::OutboxReport report = send();
  REQUIRE(report.dropped.size() == 1);
  CHECK(report.dropped.front().find("rejected") != std::string::npos);
}

TEST_CASE_FIXTURE(DeliveryFixture, "a report that no forge could take waits, too") {
  project::OutboxEntry report;
  report.is_report = true;
  report.proposal.changeling = "sprite";
  report.proposal.run = "run-one";
  report.proposal.title = "What I found";
  report.outcome = store::Outcome::Reported;
  forge.failure = Error(ErrorKind::Unavailable, "no answer", "");
  CHECK(fail_to_deliver(report) == ErrorKind::Unavailable);
  CHECK(waits());
  forge.failure.reset();
  CHECK(send().sent.size() == 1);
  CHECK(forge.issues == std::vector<std::string>{"What I found"});
  CHECK(record().outcome == store::Outcome::Reported);
  CHECK(record().report_url == "https://forge.example/issues/1");
}

TEST_CASE_FIXTURE(DeliveryFixture, "a request that was decided while its branch waited is not opened again") {
  forge.needs_branch = false;
  shell(user.path(), "mv remote.git away.git");
  const auto sent = run::deliver(chosen(), told.observer(), entry(), [] {});
  REQUIRE(waits());
  open->store.update({"test", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    auto run = record();
    run.pull_request = store::PullRequestReference{sent.pull_request.number, "local:1", "open"};
    store::write_run(change, run);
  });
  forge.close(sent.pull_request.number, "no");
  shell(user.path(), "mv away.git remote.git");
  CHECK(send().dropped.size() == 1);
  CHECK_FALSE(waits());
  CHECK(forge.list(10).size() == 1);
}

TEST_CASE_FIXTURE(DeliveryFixture, "nothing is pushed to a branch that is not a run's") {
  auto entry_for = entry();
  for (const char* branch : {"main", "other", "changelings/sprite/x:refs/heads/main"}) {
    CAPTURE(branch);
    entry_for.proposal.branch = branch;
    entry_for.proposal.base = "old";
    CHECK(fail_to_deliver(entry_for) == ErrorKind::Refused);
    CHECK_FALSE(waits());
  }
  CHECK(shell(user.path() / "remote.git", "git rev-parse main") == main().hex());
}

TEST_CASE_FIXTURE(DeliveryFixture, "an entry that no run of this clone has left is not sent") {
  auto forged = entry();
  SUBCASE("of no run") {
    forged.proposal.run = "zzzzz";
  }
  SUBCASE("of another changeling") {
    forged.proposal.changeling = "troll";
  }
  SUBCASE("with another commit") {
    forged.proposal.head = main().hex();
  }
  SUBCASE("on another base") {
    forged.proposal.base_commit = head();
  }
  SUBCASE("on another branch") {
    forged.proposal.branch = "changelings/troll/run-two";
  }
  SUBCASE("over what is not ours") {
    forged.replaces = main().hex();
  }
  SUBCASE("whose commit is in a record only") {
    std::filesystem::remove_all(user.path() / ".local/share/git-changeling/heads");
  }
  open->places.outbox().keep(forged);
  const run::OutboxReport report = send();
  CHECK(report.sent.empty());
  REQUIRE(report.dropped.size() == 1);
  CHECK_FALSE(open->places.outbox().has(forged.proposal.run));
  CHECK(shell(user.path() / "remote.git", "git for-each-ref --format='%(refname)'") == "refs/heads/main");
}
