#pragma once

#include <string>

#include "git/repository.hpp"

namespace changeling::forge {

/// A request whose commits are to be compared or merged.
struct WantedCommits {
  std::string head;    ///< A commit, by its full name.
  std::string branch;  ///< Where it is on the remote that branches go to.
  std::string base;    ///< Branch name.
};

/// The git command that brings what is missing of them into this clone, whatever it tracks: `git fetch --all`
/// and `--unshallow` alone fetch what is configured, which is one branch after `git clone --single-branch`.
/// `remote` is where the base comes from; without one it is for people to fill in.
std::string fetch_command(const git::Repository& repository, const std::string& remote,
                          const WantedCommits& wanted);

}  // namespace changeling::forge
