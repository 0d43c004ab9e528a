#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fixture.hpp"
#include "run/hand_over.hpp"
#include "run/hand_over_publication.hpp"

namespace changeling::testing {

/// A run that was begun in this repository, and another clone in which an agent has worked on it. What is
/// handed over is honest until a test changes it.
struct HandOverFixture : RunFixture {
  HandOverFixture() {
    request.definition.name = "sprite";
    request.run_id = "run00001";
    shell(user.path(), "git clone -q --bare " + home.path().string() + " remote.git");
    home.git("remote add origin " + (user.path() / "remote.git").string());
    home.git("fetch -q origin");
    shell(user.path(), "git clone -q remote.git worker");
    open.emplace(home.path(), user.path(), "origin");
    worker.emplace(user.path() / "worker", user.path() / "elsewhere", "origin");
    begin("run00001");
    work("echo x >work");
  }

  void begin(const std::string& id) {
    auto record = running_record(id);
    record.lease = {id, 1};
    open->store.update({"begin", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_run(change, record);
    });
    handed.record = record;
    handed.record.outcome = store::Outcome::OpenedPr;
    handed.record.status = store::RunStatus::Finished;
    handed.record.branch = "changelings/sprite/" + id;
    handed.text = {"Mend the sprite", "It was broken. Fixes #12. @everybody"};
    request.run_id = id;
  }
  /// One more commit of the agent's, on a branch that begins at `from`.
  void work(const std::string& script, const std::string& from = "origin/main") {
    shell(folder(), "git checkout -q --detach " + from + " && { " + script +
                        "; } && git add --all && git commit -qm 'the work'");
    handed.record.base_commit = shell(folder(), "git rev-parse origin/main");
    handed.record.head = shell(folder(), "git rev-parse HEAD");
  }
  /// What the worker leaves, as the program writes it.
  std::filesystem::path file() {
    const auto path = user.path() / "hand-over" / "run.bundle";
    run::write_hand_over(worker->services, handed, path);
    return path;
  }
  /// What somebody leaves who makes the bundle by hand: `references` of the worker's clone.
  std::filesystem::path bundle(const std::string& words) {
    std::filesystem::create_directories(user.path() / "hand-over");
    shell(folder(), "git bundle create -q ../hand-over/run.bundle " + words);
    return user.path() / "hand-over" / "run.bundle";
  }
  /// The commit with the record, whatever is in its files.
  std::string record_commit(const std::string& record, const std::string& text = "{}") {
    write(folder() / ".git/record", record);
    write(folder() / ".git/text", text);
    return shell(folder(),
                 "export GIT_INDEX_FILE=.git/other-index; rm -f .git/other-index; "
                 "add() { git update-index --add --cacheinfo 100644,$(git hash-object -w \"$1\"),$2; }; "
                 "add .git/record run.json; add .git/text text.json; add /dev/null report.md; "
                 "git commit-tree -m record $(git write-tree)");
  }
  void reference(const std::string& part, const std::string& commit, const std::string& run = "run00001") {
    shell(folder(), "git update-ref refs/changelings/hand-over/" + run + "/" + part + " " + commit);
  }
  std::string record_text() const { return store::to_json(handed.record).dump(); }

  store::RunRecord publish(const std::filesystem::path& path) {
    return run::publish_handed_over(services(), told.observer(), request, path);
  }
  /// Publishes what must be refused, checks that nothing has left, and gives back the run's error.
  std::string refused(const std::filesystem::path& path, store::Outcome outcome) {
    const auto record = publish(path);
    if (record.outcome != outcome) return "another outcome: " + store::to_json(record).dump();
    if (!open->forge.open_pull_requests().empty()) return "it was proposed";
    if (remote_branches() != "main") return "it was pushed: " + remote_branches();
    if (!open->repository.references("refs/heads/changelings/").empty()) return "it has a branch";
    if (!open->repository.references("refs/changelings/received/").empty()) return "it was kept";
    if (std::filesystem::exists(open->places.local_folder() / "received" / request.run_id))
      return "its objects were kept";
    return record.error;
  }
  std::string denied() { return refused(file(), store::Outcome::Denied); }
  std::string unreadable(const std::filesystem::path& path) { return refused(path, store::Outcome::Failed); }

  std::string remote_branches() const {
    return shell(user.path() / "remote.git", "git for-each-ref --format='%(refname:short)' refs/heads");
  }
  std::filesystem::path folder() const { return user.path() / "worker"; }

  std::optional<OpenServices> worker;
  run::HandOver handed;
  run::RunRequest request;
  Told told;
};

}  // namespace changeling::testing
