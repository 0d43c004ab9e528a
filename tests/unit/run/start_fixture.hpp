#pragma once

#include "fixture.hpp"
#include "run/proven_work.hpp"
#include "run/starting_point.hpp"

namespace changeling::testing {

/// A repository whose changeling "sprite" is about to run as r1, with a remote if wanted.
struct StartFixture : RunFixture {
  Definition definition = [] {
    Definition made;
    made.name = "sprite";
    return made;
  }();
  Told told;
  std::vector<forge::PullRequest> own_open;
  std::vector<store::RunRecord> earlier_runs;  ///< Newest first.

  run::StartingPoint find() {
    return run::find_starting_point(services(), told.observer(), definition, "changelings/sprite/r1",
                                    own_open, earlier_runs);
  }
  void use_remote() {
    shell(user.path(), "git clone -q --bare " + home.path().string() + " remote.git");
    shell(user.path(), "git clone -q remote.git colleague");
    home.git("remote add origin file://" + (user.path() / "remote.git").string());
    open.emplace(home.path(), user.path(), "origin");
  }
  /// A commit on a branch of the user's repository.
  git::ObjectId commit(const std::string& branch, const std::string& file, const std::string& content) {
    shell(home.path(), "git checkout -q " + branch + " && printf '%s\\n' '" + content + "' >" + file +
                           " && git add . && git commit -qm '" + file + "'");
    const auto head = open->repository.resolve("refs/heads/" + branch);
    shell(home.path(), "git checkout -q main");
    return *head;
  }
  git::ObjectId commit_on_remote(const std::string& file) {
    shell(user.path() / "colleague",
          "git pull -q && echo x >" + file + " && git add . && git commit -qm x && git push -q");
    return git::ObjectId::from_hex(shell(user.path() / "colleague", "git rev-parse HEAD"));
  }
  /// The remote's main as a commit on `revision` of the colleague's clone, whatever it was.
  git::ObjectId rewrite_remote(const std::string& revision, const std::string& file) {
    const auto clone = user.path() / "colleague";
    shell(clone, "git fetch -q && git reset -q --hard origin/" + revision + " && echo x >" + file +
                     " && git add . && git commit -qm x && git push -q --force origin HEAD:main");
    return git::ObjectId::from_hex(shell(clone, "git rev-parse HEAD"));
  }
  /// An open pull request on a branch that begins at main's commit of now.
  forge::PullRequest& open_pull_request() {
    home.git("branch changelings/sprite/first main");
    forge::PullRequest pull;
    pull.number = 7;
    pull.changeling = "sprite";
    pull.branch = "changelings/sprite/first";
    pull.base = "main";
    own_open.push_back(pull);
    return own_open.back();
  }
  void ran(const git::ObjectId& start, const git::ObjectId& base, const git::ObjectId& head) {
    auto run = running_record("run-" + std::to_string(earlier_runs.size()));
    run.branch = own_open.back().branch;
    run.base_commit = base.hex();
    run.start = start.hex();
    run.head = head.hex();
    earlier_runs.insert(earlier_runs.begin(), run);
    run::note_own_head(services(), {run.id, run.branch, run.head, run.start, run.base_commit});
  }
};

}  // namespace changeling::testing
