#pragma once

#include <optional>
#include <string>

#include "changeling/definition.hpp"
#include "git/remote_references.hpp"
#include "run/services.hpp"

namespace changeling::run {

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

/// The branch to work on after the remote has been asked: its default branch of today, unless one was chosen.
/// A default branch that is another than the one known here is said and remembered. Throws Error(NotFound)
/// when the branch is not on the remote any more, or nobody says which one is meant.
std::string settled_base(const Services& services, const Observer& observer, const Definition& definition,
                         const std::optional<KnownBase>& known, const git::RemoteReferences& answer);

/// The remote-tracking reference of a branch.
std::string tracking_reference(const std::string& remote, const std::string& branch);

}  // namespace changeling::run
