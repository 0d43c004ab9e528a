#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace changeling::git {

/// What the configuration says about the remotes of a repository.
struct RemoteFacts {
  std::vector<std::string> names;
  std::optional<std::string> configured;  ///< changeling.remote
  /// The remotes that branches follow (branch.NAME.remote): first those of the branches that may be the base,
  /// likeliest first, then all others. Each with its branch.
  struct Upstream {
    std::string branch;
    std::string remote;
    bool may_be_base = false;
  };
  std::vector<Upstream> upstreams;
  std::vector<std::string> shared;  ///< The remotes that the state has been shared with so far.
};

/// The remote that the base branch comes from and the state is shared through.
struct RemoteChoice {
  std::string name;     ///< Empty when there is none, or none can be told apart from the others.
  std::string reason;   ///< For people, when one of several was taken that is not called origin.
  std::string problem;  ///< For people, when there are several and nothing says which; with a hint.
  std::string hint;
};

/// changeling.remote; else the only remote; else the one that the base branch follows; else the one that the
/// state has been shared with so far; else the one that all branches follow; else origin. Throws
/// Error(NotFound) when changeling.remote names none that exists.
RemoteChoice choose_remote(const RemoteFacts& facts);

RemoteFacts remote_facts(const Repository& repository);

/// Where the branches of runs go: changeling.pushRemote, else git's own remote.pushDefault where that is the
/// name of a remote, else `remote`. When changeling.pushRemote names none that exists, the problem says so,
/// and the name is `remote`: for what only reads.
RemoteChoice find_push_remote(const Repository& repository, const std::string& remote);

/// The same for what pushes: throws Error(NotFound) when there is a problem.
std::string choose_push_remote(const Repository& repository, const std::string& remote);

}  // namespace changeling::git
