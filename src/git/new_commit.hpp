#pragma once

#include <string>
#include <vector>

#include "git/object_id.hpp"
#include "support/clock.hpp"

namespace changeling::git {

struct Identity {
  std::string name;
  std::string email;

  bool operator==(const Identity&) const = default;
};

/// A commit that is to be made. Author and committer are one.
struct NewCommit {
  ObjectId tree;
  std::vector<ObjectId> parents;
  Identity author;
  Timestamp time;
  std::string message;
};

}  // namespace changeling::git
