#include "run/hand_over.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "git/foreign_bundle.hpp"
#include "hand_over_fixture.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"

using namespace changeling;
using changeling::testing::HandOverFixture;
using store::Outcome;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string token = "ghp_" + std::string(36, 'a');

}  // namespace

TEST_CASE_FIXTURE(HandOverFixture, "what was handed over is published, and the same file once") {
  const auto path = file();
  const auto record = publish(path);
  CHECK(record.error == "");
  CHECK(record.outcome == Outcome::OpenedPr);
  CHECK(record.head == handed.record.head);
  CHECK(remote_branches() == "changelings/sprite/run00001\nmain");
  const auto pulls = open->forge.open_pull_requests();
  REQUIRE(pulls.size() == 1);
  CHECK(pulls.front().title == "Mend the sprite");
  const std::string body = pulls.front().body;
  CHECK_FALSE(has(body, "Fixes #12"));
  CHECK_FALSE(has(body, "@everybody"));
  CHECK(store::read_run(open->store.snapshot(), "run00001")->pull_request->number == pulls.front().number);

  const auto tip = open->store.snapshot().commit();
  CHECK(publish(path).pull_request->number == pulls.front().number);
  CHECK(open->store.snapshot().commit() == tip);
}

TEST_CASE_FIXTURE(HandOverFixture, "a publication that was cut off behind its request goes on with it") {
  const auto path = file();
  publish(path);
  auto record = *store::read_run(open->store.snapshot(), "run00001");
  record.status = store::RunStatus::Running;
  record.outcome.reset();
  record.pull_request.reset();
  open->store.update({"as before", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, record);
  });
  CHECK(publish(path).outcome == Outcome::OpenedPr);
  CHECK(open->forge.open_pull_requests().size() == 1);
}

TEST_CASE_FIXTURE(HandOverFixture, "who, what and when are not the file's to say") {
  handed.record.actor = "Mallory <m@example.com>";
  handed.record.agent = "other";
  handed.record.lease = {"mallory", 99};
  handed.record.pull_request = store::PullRequestReference{7, "https://example.com", "merged"};
  handed.record.cost_usd = 1.5;
  const auto record = publish(file());
  CHECK(record.actor == "Ada <ada@example.com>");
  CHECK(record.agent == "command");
  CHECK(record.lease.owner == "run00001");
  CHECK(record.pull_request->number == 1);
  CHECK(record.cost_usd == 1.5);
}

TEST_CASE_FIXTURE(HandOverFixture, "a run that came to nothing is recorded with what it tells") {
  handed.record.outcome = Outcome::TimedOut;
  handed.record.branch.clear();
  handed.record.head.clear();
  handed.record.error = "too\nlong " + token;
  CHECK(refused(file(), Outcome::TimedOut) == "too long [redacted]");
}

TEST_CASE_FIXTURE(HandOverFixture, "checks are those of the definition") {
  request.definition.verify = {"make test"};
  SUBCASE("that was not told of") {
    handed.record.verification = {{"true", 0, {}, true, ""}};
    CHECK(refused(file(), Outcome::VerificationFailed) == "");
  }
  SUBCASE("that failed, with a draft for it") {
    request.definition.draft_on_failure = true;
    handed.record.outcome = Outcome::VerificationFailed;
    handed.record.verification = {{"make test", 2, {}, false, "it broke"}};
    CHECK(publish(file()).outcome == Outcome::VerificationFailed);
    CHECK(open->forge.open_pull_requests().at(0).draft);
  }
  SUBCASE("that passed") {
    handed.record.verification = {{"make test", 0, {}, true, "fine"}, {"true", 0, {}, true, ""}};
    CHECK(publish(file()).verification.size() == 1);
    CHECK(has(open->forge.open_pull_requests().at(0).body, "ran in the job that the agent worked in"));
  }
}

TEST_CASE_FIXTURE(HandOverFixture, "a file that is missing, or no bundle, ends the run") {
  SUBCASE("missing") {
    CHECK(has(unreadable(user.path() / "nothing"), "left nothing"));
  }
  SUBCASE("something else") {
    write(user.path() / "text", "# v3 git bundle\n\n");
    CHECK(has(unreadable(user.path() / "text"), "not a git bundle of version 2"));
  }
  SUBCASE("a link") {
    const auto path = file();
    std::filesystem::create_symlink(path, user.path() / "link");
    CHECK(has(unreadable(user.path() / "link"), "not a plain file"));
  }
  SUBCASE("cut off") {
    const auto path = file();
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 30);
    CHECK(has(unreadable(path), "git cannot unpack it"));
  }
  SUBCASE("cut off in its header") {
    const auto path = file();
    std::filesystem::resize_file(path, 40);
    CHECK(has(unreadable(path), "header of the bundle does not end"));
  }
}

TEST_CASE_FIXTURE(HandOverFixture, "a file holds one run and one piece of work") {
  const std::string record = record_commit(record_text());
  reference("record", record);
  reference("work", handed.record.head);
  const std::string both =
      "refs/changelings/hand-over/run00001/record refs/changelings/hand-over/run00001/work";
  SUBCASE("as here") {
    CHECK(publish(bundle(both + " --not origin/main")).outcome == Outcome::OpenedPr);
  }
  SUBCASE("two runs") {
    reference("record", record, "run00002");
    CHECK(has(unreadable(bundle(both + " refs/changelings/hand-over/run00002/record --not origin/main")),
              "does not hold run run00001 and nothing else"));
  }
  SUBCASE("a branch besides") {
    shell(folder(), "git branch -f extra " + handed.record.head);
    CHECK(has(unreadable(bundle(both + " refs/heads/extra --not origin/main")), "nothing else"));
  }
  SUBCASE("of another run") {
    handed.record.id = "run00002";
    reference("record", record_commit(record_text()));
    CHECK(has(unreadable(bundle(both + " --not origin/main")), "holds the id 'run00002'"));
  }
  SUBCASE("without a record") {
    CHECK(has(unreadable(bundle("refs/changelings/hand-over/run00001/work --not origin/main")),
              "nothing else"));
  }
}

TEST_CASE_FIXTURE(HandOverFixture, "a record ends somewhere, and is one") {
  const auto with = [&](const std::string& record, const std::string& text = "{}") {
    reference("record", record_commit(record, text));
    reference("work", handed.record.head);
    return unreadable(
        bundle("refs/changelings/hand-over/run00001/record refs/changelings/hand-over/run00001/work --not "
               "origin/main"));
  };
  SUBCASE("2 MiB") {
    handed.record.summary = std::string(std::size_t{2} << 20, 'x');
    CHECK(has(with(record_text()), "run.json in it is larger than 1024 KiB"));
  }
  SUBCASE("no JSON") {
    CHECK(has(with("{"), "run.json"));
  }
  SUBCASE("deep JSON") {
    CHECK(has(with(std::string(100'000, '[')), "run.json"));
  }
  SUBCASE("a number beyond all") {
    std::string text = record_text();
    text.insert(text.size() - 1, ",\"turns\":1e999");
    CHECK(has(with(text), "run.json"));
  }
  SUBCASE("the text of it") {
    CHECK(has(with(record_text(), std::string(std::size_t{2} << 20, 'x')), "text.json in it is larger"));
  }
}

TEST_CASE_FIXTURE(HandOverFixture, "commits that the work needs must be here") {
  shell(folder(), "git checkout -q --detach origin/main && git commit -q --allow-empty -m hidden");
  shell(folder(), "git update-ref refs/remotes/origin/hidden HEAD");
  work("echo y >work", "origin/hidden");
  CHECK(has(unreadable(file()), "git cannot unpack it"));
}

TEST_CASE_FIXTURE(HandOverFixture, "objects that git does not accept are not taken") {
  const std::string tree = shell(folder(), "git rev-parse HEAD^{tree}");
  shell(folder(), "{ printf 'tree %s\\nparent %s\\n' " + tree +
                      " $(git rev-parse origin/main); echo 'author A <a@b> 99999999999999999999 +0000'; "
                      "echo 'committer A <a@b> 1 +0000'; echo; echo x; } "
                      "| git hash-object -w -t commit --literally --stdin >.git/bad");
  handed.record.head = shell(folder(), "cat .git/bad");
  CHECK(has(unreadable(file()), "git does not take what is in it"));
}

TEST_CASE_FIXTURE(HandOverFixture, "branches are the run's own, or an open request's of the changeling") {
  SUBCASE("the base") {
    handed.record.branch = "main";
  }
  SUBCASE("another prefix") {
    handed.record.branch = "feature/sprite/run00001";
  }
  SUBCASE("no branch at all") {
    handed.record.branch = "changelings/sprite/../../main";
  }
  SUBCASE("none") {
    handed.record.branch = "";
  }
  CHECK(has(denied(), "runs leave it alone"));
}

TEST_CASE_FIXTURE(HandOverFixture, "the work goes on from the base branch as it is here") {
  const auto by_hand = [&](const std::string& base_commit) {
    handed.record.base_commit = base_commit;
    reference("record", record_commit(record_text()));
    reference("work", handed.record.head);
    return refused(bundle("refs/changelings/hand-over/run00001/record "
                          "refs/changelings/hand-over/run00001/work --not origin/main"),
                   Outcome::Denied);
  };
  SUBCASE("a base that nobody knows") {
    CHECK(has(by_hand(std::string(40, 'a')), "which is not on main"));
  }
  SUBCASE("no commit at all") {
    CHECK(has(by_hand("--upload-pack=x"), "which is not on main"));
  }
  SUBCASE("the work itself") {
    CHECK(has(by_hand(handed.record.head), "which is not on main"));
  }
  SUBCASE("a history of its own") {
    shell(folder(), "git checkout -q --orphan other && git commit -qm other");
    handed.record.head = shell(folder(), "git rev-parse HEAD");
    CHECK(has(denied(), "does not go on from"));
  }
}

TEST_CASE_FIXTURE(HandOverFixture,
                  "files that decide about others, lie outside or are private are not proposed") {
  SUBCASE("workflows") {
    work("mkdir -p .github/workflows && echo x >.github/workflows/ci.yml");
    CHECK(has(denied(), ".github/workflows/ci.yml"));
  }
  SUBCASE("outside of the paths") {
    request.definition.paths = {"src/**"};
    CHECK(has(denied(), "changed work, which is outside its paths"));
  }
  SUBCASE("the scratch folder, taken back by another commit") {
    work("mkdir .changeling && echo x >.changeling/prompt.md");
    work("git rm -q -r .changeling; echo x >work", handed.record.head);
    CHECK(has(denied(), "committed .changeling/prompt.md"));
  }
}

TEST_CASE_FIXTURE(HandOverFixture, "a commit that adds a token is not pushed") {
  work("echo " + token + " >work");
  work("echo harmless >work", handed.record.head);
  const std::string error = denied();
  CHECK(has(error, "adds a secret: work:1"));
  CHECK_FALSE(has(error, token));
}

TEST_CASE_FIXTURE(HandOverFixture, "what says that there is work has some") {
  handed.record.head.clear();
  CHECK(has(denied(), "has none"));
}

TEST_CASE_FIXTURE(HandOverFixture, "a run that may only report proposes nothing, and the other way round") {
  SUBCASE("reports") {
    request.definition.output = OutputKind::Report;
  }
  SUBCASE("proposes") {
    handed.record.outcome = Outcome::Reported;
  }
  CHECK(has(denied(), "not published"));
}

TEST_CASE_FIXTURE(HandOverFixture, "there is one open request at a time, which the next run goes on with") {
  publish(file());
  begin("run00002");
  SUBCASE("another one") {
    work("echo y >other");
    const auto record = publish(file());
    CHECK(record.outcome == Outcome::Denied);
    CHECK(has(record.error, "1 open pull request by now"));
  }
  SUBCASE("that one") {
    shell(folder(), "git fetch -q");
    work("echo y >other", "origin/changelings/sprite/run00001");
    handed.record.branch = "changelings/sprite/run00001";
    const auto record = publish(file());
    CHECK(record.error == "");
    CHECK(record.outcome == Outcome::UpdatedPr);
    CHECK(shell(user.path() / "remote.git", "git rev-parse changelings/sprite/run00001") ==
          handed.record.head);
  }
  SUBCASE("beside that one, as if it were that one") {
    work("echo y >other");
    handed.record.branch = "changelings/sprite/run00001";
    const auto record = publish(file());
    CHECK(record.outcome == Outcome::Denied);
    CHECK(has(record.error, "does not go on from where pull request 1 is now"));
  }
  CHECK(open->forge.open_pull_requests().size() == 1);
}

TEST_CASE_FIXTURE(HandOverFixture, "a run that another one took over from publishes nothing") {
  auto record = *store::read_run(open->store.snapshot(), "run00001");
  record.lease = {"run00002", 2};
  open->store.update({"take over", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, record);
  });
  CHECK(has(refused(file(), Outcome::LostLease), "another run took over"));
}

TEST_CASE_FIXTURE(HandOverFixture, "objects of git-lfs are what their names say, and what the work names") {
  const std::string content = "what it is";
  const std::string name = sha256_hex(content);
  write(home.path() / ".git/info/attributes", "*.bin filter=lfs\n");
  work("printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:" + name + "\\nsize 10\\n' >x.bin");
  const auto with = [&](const std::string& named, const std::string& what) {
    write(folder() / ".git/object", what);
    const std::string blob = shell(folder(), "git hash-object -w --no-filters .git/object");
    const std::string record = record_commit(record_text());
    const std::string tree = shell(folder(), "{ git ls-tree " + record +
                                                 "; printf '040000 tree %s\\tlfs\\n' $(printf '100644 blob " +
                                                 blob + "\\t" + named + "\\n' | git mktree); } | git mktree");
    reference("record", shell(folder(), "git commit-tree -m record " + tree));
    reference("work", handed.record.head);
    return bundle(
        "refs/changelings/hand-over/run00001/record refs/changelings/hand-over/run00001/work --not "
        "origin/main");
  };
  const auto store = [&](const std::string& object) {
    return home.path() / ".git/lfs/objects" / object.substr(0, 2) / object.substr(2, 2) / object;
  };
  SUBCASE("another content") {
    CHECK(has(unreadable(with(name, "something else")), "is not what its name says"));
    CHECK_FALSE(std::filesystem::exists(store(name)));
  }
  SUBCASE("one that the work does not name") {
    CHECK(has(unreadable(with(sha256_hex("x"), "x")), "that its work does not name"));
    CHECK_FALSE(std::filesystem::exists(store(sha256_hex("x"))));
  }
  SUBCASE("no name at all") {
    CHECK(has(unreadable(with("config", "x")), "that its work does not name"));
  }
  SUBCASE("as it should be") {
    publish(with(name, content));
    CHECK(read_file(store(name)) == content);
  }
}

TEST_CASE("the header of a bundle") {
  const std::string id(40, 'a');
  const auto header = git::parse_bundle_header("# v2 git bundle\n-" + id + " why\n" + id + " refs/x\n\nPACK");
  CHECK(header.prerequisites.size() == 1);
  CHECK(header.references.at("refs/x").hex() == id);
  const auto refused = [](const std::string& text) {
    CAPTURE(text);
    CHECK_THROWS_AS(git::parse_bundle_header(text), Error);
  };
  refused("");
  refused("# v3 git bundle\n@object-format=sha1\n\n");
  refused("# v2 git bundle\n" + id + " refs/x\n");
  refused("# v2 git bundle\n" + id + " HEAD\n\n");
  refused("# v2 git bundle\n" + id + "\n\n");
  refused("# v2 git bundle\nshort refs/x\n\n");
  refused("# v2 git bundle\n" + id + " refs/x\n" + id + " refs/x\n\n");
}
