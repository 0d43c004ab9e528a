#include "store/tracking.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using Lines = std::vector<std::string>;

namespace {
const std::string state = "refs/changelings/state";
const std::string plain = "+refs/heads/*:refs/remotes/origin/*";
const std::string tracked = "+refs/changelings/state*:refs/changelings/remotes/origin/state*";
}  // namespace

TEST_CASE("a plain clone tracks the state, once") {
  CHECK(store::refspecs_for_state({plain}, state, "origin").add == Lines{tracked});
  const auto again = store::refspecs_for_state({plain, tracked}, state, "origin");
  CHECK(again.add.empty());
  CHECK(again.remove.empty());
  CHECK(store::refspecs_for_state({plain}, "refs/heads/changeling-state", "origin").add.empty());
}

TEST_CASE("where a fetch would overwrite the state it is taken out of the fetch") {
  for (const char* all : {"+refs/*:refs/*", "refs/*:refs/*", "+refs/changelings/*:refs/changelings/*",
                          "+refs/changelings/state:refs/changelings/state"}) {
    CAPTURE(all);
    const auto changes = store::refspecs_for_state({all, tracked}, state, "origin");
    CHECK(changes.add == Lines{"^refs/changelings/*"});
    CHECK(changes.remove == Lines{tracked});
    CHECK(store::refspecs_for_state({all, "^refs/changelings/*"}, state, "origin").add.empty());
  }
  CHECK(store::refspecs_for_state({"+refs/*:refs/*"}, "refs/heads/changeling-state", "origin").add ==
        Lines{"^refs/changelings/*", "^refs/heads/changeling-state"});
}

TEST_CASE("what was set under a remote's former name goes") {
  const auto changes = store::refspecs_for_state({plain, tracked}, state, "upstream");
  CHECK(changes.remove == Lines{tracked});
  CHECK(changes.add == Lines{"+refs/changelings/state*:refs/changelings/remotes/upstream/state*"});
}
