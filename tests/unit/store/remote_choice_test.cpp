#include "store/remote_choice.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "store/sync.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;

namespace {

struct Case {
  Case() { home.git("commit --allow-empty -m first"); }
  store::RemoteChoice choice() const { return store::choose_remote(home.open()); }
  TemporaryRepository home;
};

}  // namespace

TEST_CASE("the remote is the only one, origin, or the upstream of the base") {
  const Case test;
  CHECK(test.choice().remote.empty());
  CHECK(test.choice().warning.empty());
  test.home.git("remote add upstream ../u.git");
  CHECK(test.choice().remote == "upstream");

  test.home.git("remote add fork ../f.git");
  CHECK(test.choice().remote.empty());
  CHECK(test.choice().warning.find("changeling.remote") != std::string::npos);
  CHECK(test.choice().warning.find("fork, upstream") != std::string::npos);
  test.home.git("config branch.main.remote upstream");
  CHECK(test.choice().remote == "upstream");
  CHECK(test.choice().warning.empty());
  test.home.git("config changeling.base trunk");
  test.home.git("config branch.trunk.remote fork");
  CHECK(test.choice().remote == "fork");

  test.home.git("remote add origin ../o.git");
  CHECK(test.choice().remote == "origin");
  test.home.git("config changeling.remote fork");
  CHECK(test.choice().remote == "fork");
  test.home.git("config changeling.remote gone");
  CHECK_THROWS_AS(test.choice(), Error);
  test.home.git("config changeling.remote ''");
  CHECK(test.choice().remote.empty());
  CHECK(test.choice().warning.empty());
}

TEST_CASE("sharing goes on where it began when a new origin comes") {
  const Case test;
  test.home.git("remote add upstream ../u.git");
  test.home.git("update-ref " + store::merged_reference("upstream") + " HEAD");
  test.home.git("remote add origin ../fork.git");
  CHECK(test.choice().remote == "upstream");
}
