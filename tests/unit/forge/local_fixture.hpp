#pragma once

#include <string>
#include <vector>

#include "../http/scripted_http.hpp"
#include "../temporary_repository.hpp"
#include "forge/local.hpp"

namespace changeling::testing {

/// A real repository with a started state and a local forge on it. The branch main has no commit yet.
struct LocalFixture {
  explicit LocalFixture(const std::string& options = "") : repository_files(options) { store.initialize(); }

  static forge::Proposal proposal(const std::string& branch) {
    forge::Proposal proposal;
    proposal.changeling = "typo-sprite";
    proposal.run = "r1";
    proposal.branch = branch;
    proposal.base = "main";
    proposal.head = std::string(40, 'a');
    proposal.title = "Correct typos";
    proposal.body = "body";
    return proposal;
  }

  TemporaryRepository repository_files;
  git::Repository repository = repository_files.open();
  FixedClock clock;
  store::Store store{repository, clock, std::string(store::default_reference),
                     git::Identity{"Tester", "tester@example.com"}, repository_files.path() / "lock"};
  store::PullRequestIndex index{store, repository_files.path() / ".git" / "changelings" / "index.sqlite"};
  forge::LocalForge forge{store, index, clock};
  std::vector<std::string> warnings;
};

}  // namespace changeling::testing
