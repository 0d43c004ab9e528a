#include "git/shallow_history.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"

using namespace changeling;
using changeling::testing::hermetic_environment;
using changeling::testing::TemporaryRepository;

namespace {

/// `start` commits on main, then two branches of two commits each that begin at the last one, cut off below
/// the last but one.
struct ShallowClone {
  ShallowClone() {
    for (const char* name : {"1", "2", "3"}) commit(name);
    origin.git("branch side");
    commit("left-1");
    commit("left-2");
    origin.git("checkout -q side");
    commit("right-1");
    commit("right-2");
    // Deepest first: the boundary is commit 2, and commit 1 does not come.
    clone.git("fetch -q --shallow-exclude=refs/tags/1 file://" + origin.path().string() +
              " refs/heads/main:refs/heads/left refs/heads/side:refs/heads/right");
    repository.emplace(clone.open());
  }
  void commit(const std::string& name) {
    origin.git("commit -q --allow-empty -m " + name);
    origin.git("tag " + name);
  }
  git::ObjectId of(const std::string& tag) const { return *origin.open().resolve("refs/tags/" + tag); }

  TemporaryRepository origin;
  TemporaryRepository clone;
  std::optional<git::Repository> repository;
};

}  // namespace

TEST_CASE_FIXTURE(ShallowClone, "in a shallow clone history ends at the boundary") {
  REQUIRE(repository->is_shallow());
  REQUIRE_FALSE(repository->has_object(of("1")));
  CHECK(repository->is_ancestor(of("2"), of("left-2")));
  CHECK(repository->is_ancestor(of("2"), of("2")));
  CHECK_FALSE(repository->is_ancestor(of("left-2"), of("2")));
  CHECK_FALSE(repository->is_ancestor(of("left-1"), of("right-2")));
  CHECK_FALSE(repository->is_ancestor(of("1"), of("left-2")));
  std::vector<git::ObjectId> seen;
  for (const git::CommitInfo& commit : repository->history(of("left-2"), 0)) seen.push_back(commit.id);
  CHECK(seen == std::vector{of("left-2"), of("left-1"), of("3"), of("2")});
  CHECK(repository->history(of("left-2"), 2).size() == 2);
}

TEST_CASE_FIXTURE(ShallowClone, "the merge base in a shallow clone is the best one on this side") {
  CHECK(repository->merge_base(of("left-2"), of("right-2")) == of("3"));
  CHECK(repository->merge_base(of("2"), of("right-2")) == of("2"));
}

TEST_CASE("beyond the boundary there is no merge base") {
  const TemporaryRepository origin;
  for (const char* name : {"1", "2"}) {
    origin.git(std::string("commit -q --allow-empty -m ") + name);
    origin.git(std::string("branch b") + name);
  }
  const TemporaryRepository clone;
  clone.git("fetch -q --depth 1 file://" + origin.path().string() +
            " refs/heads/b1:refs/heads/b1 refs/heads/b2:refs/heads/b2");
  const git::Repository repository = clone.open();
  const auto one = *repository.resolve("refs/heads/b1");
  const auto two = *repository.resolve("refs/heads/b2");
  CHECK_FALSE(repository.merge_base(one, two));
  CHECK_FALSE(repository.is_ancestor(one, two));
}

TEST_CASE("a clone whose rest has been fetched is not shallow any more") {
  const TemporaryRepository origin;
  origin.git("commit -q --allow-empty -m 1");
  origin.git("commit -q --allow-empty -m 2");
  const TemporaryRepository clone;
  const std::string url = "file://" + origin.path().string();
  clone.git("fetch -q --depth 1 " + url + " main:refs/heads/copy");
  const git::Repository repository = clone.open();
  CHECK(repository.is_shallow());
  clone.git("fetch -q --unshallow " + url + " main:refs/heads/copy");
  CHECK_FALSE(repository.is_shallow());
  CHECK(repository.history(*repository.resolve("refs/heads/copy"), 0).size() == 2);
}
