#pragma once

#include <string>

#include "git/repository.hpp"

namespace changeling::store {

struct RemoteChoice {
  std::string remote;   ///< Empty: there is none, or nobody says which one is meant.
  std::string warning;  ///< Not empty: there are some, and sharing waits for a setting.
};

/// The remote to share with: changeling.remote, else the one with which the state has been shared so far,
/// else origin, else the only one, else the upstream of the base (changeling.base, main, master, the current
/// branch). Throws Error(NotFound) when changeling.remote names none.
RemoteChoice choose_remote(const git::Repository& repository);

}  // namespace changeling::store
