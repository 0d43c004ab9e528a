#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "git/object_id.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "support/error.hpp"

namespace changeling::git {

/// Where what is held is found; such references are gone within moments.
inline constexpr std::string_view held_references = "refs/changelings/pending/";

/// Thrown when what a git program has just written was deleted before it could be held: make it again.
class Collected : public Error {
 public:
  using Error::Error;
};

/// Keeps an object that no reference leads to yet while git programs work with it: a push, a commit that is
/// made of a tree. Without that `git gc --prune=now` takes it for garbage and the program fails. What a
/// commit brings beyond its parents is remembered besides, as if this program had written it, and is written
/// again when the reference that is to stay is moved (fresh_objects.hpp).
class HeldObject {
 public:
  /// A commit, or a tree. Throws Collected when it is gone already, and cannot be written again.
  HeldObject(Repository& repository, const ObjectId& id);
  HeldObject(const HeldObject&) = delete;
  HeldObject& operator=(const HeldObject&) = delete;
  /// The repository must still be there.
  ~HeldObject();

 private:
  Repository& repository_;
  ObjectId id_;
  std::string reference_;
};

/// A commit that is on no reference yet, kept until a reference leads to it.
struct HeldCommit {
  ObjectId id;
  std::shared_ptr<const HeldObject> held;
};

/// GitProgram::create_commit of a tree that a git program wrote as well. Throws Collected, too.
HeldCommit create_held_commit(Repository& repository, const GitProgram& git, const NewCommit& commit);

/// Calls `make` again when a gc was faster; each time it is unlikelier.
template <typename Make>
auto make_despite_gc(const Make& make) {
  constexpr int most_attempts = 20;
  for (int attempt = 1;; ++attempt) {
    try {
      return make();
    } catch (const Collected&) {
      if (attempt == most_attempts) throw;
    }
  }
}

/// Removes what a killed process has left of these references.
void remove_held_remains(Repository& repository);

}  // namespace changeling::git
