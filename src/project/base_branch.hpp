#pragma once

#include <optional>
#include <string>

#include "changeling/definition.hpp"
#include "git/repository.hpp"

namespace changeling::project {

/// The branch that a definition's work goes into, as far as this machine knows.
struct KnownBase {
  /// Chosen: the definition's own `branch`, or `changeling.base`. Remote: what the remote's HEAD was when it
  /// was last asked, by us or by git. Guess: main or master where they exist, else the branch the user is on.
  enum class Source { Chosen, Remote, Guess };
  std::string branch;
  Source source = Source::Guess;
};

/// Nothing when there is no branch, as in a repository without commits.
std::optional<KnownBase> known_base(const git::Repository& repository, const std::string& remote,
                                    const Definition& definition);

/// The branch of known_base. Throws Error(NotFound) with a hint when there is none.
std::string base_branch(const git::Repository& repository, const std::string& remote,
                        const Definition& definition);

/// What the remote has said its default branch is; a later question here goes by it.
void remember_default_branch(const git::Repository& repository, const std::string& remote,
                             const std::string& branch);

/// The remote-tracking reference of a branch.
std::string tracking_reference(const std::string& remote, const std::string& branch);

}  // namespace changeling::project
