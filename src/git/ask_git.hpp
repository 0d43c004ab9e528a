#pragma once

#include <string>
#include <vector>

#include "git/repository_place.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::git {

/// Asks the git program about one repository, for what libgit2 cannot tell. Reads only; no prompts.
class AskGit {
 public:
  AskGit(Environment environment, RepositoryPlace place);

  /// `git ARGUMENTS…` with `input`. Throws Error(NotFound) when there is no git program.
  ProcessResult operator()(std::vector<std::string> arguments, const std::string& input = "") const;

 private:
  Environment environment_;
  RepositoryPlace place_;
};

}  // namespace changeling::git
