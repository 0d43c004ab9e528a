#include "changeling/own_branch.hpp"

#include <doctest/doctest.h>

using changeling::BranchPrefix;
using changeling::foreign_branch_problem;

TEST_CASE("branches of runs are ours, under the prefix that is set and under the standard one") {
  CHECK_FALSE(foreign_branch_problem({}, "changelings/sprite/r1", "main"));
  CHECK_FALSE(foreign_branch_problem({}, "changelings/sprite/r1/more", ""));
  CHECK_FALSE(foreign_branch_problem(BranchPrefix("bots/night"), "bots/night/sprite/r1", "main"));
  CHECK_FALSE(foreign_branch_problem(BranchPrefix("bots/night"), "changelings/sprite/r1", "main"));
}

TEST_CASE("no other branch is, whatever names it") {
  for (const char* branch : {"main", "changelings", "changelings/sprite", "changelings/sprite/", "", "@",
                             "refs/heads/changelings/sprite/r1", "Changelings/sprite/r1", "changelings//r1",
                             "bots/sprite/r1", "changelings-x/sprite/r1"}) {
    CAPTURE(branch);
    CHECK(foreign_branch_problem({}, branch, "main"));
  }
}

TEST_CASE("what git would take for something else is not ours") {
  for (const char* branch :
       {"changelings/sprite/../main", "changelings/sprite/r1:main", "changelings/sprite/*",
        "changelings/sprite/r1.lock", "changelings/sprite/a b", "changelings/sprite/@{u}",
        "changelings/sprite/r1\nmain", "changelings/-x/r1", "changelings/sprite/r\xff"}) {
    CAPTURE(branch);
    CHECK(foreign_branch_problem({}, branch, "main"));
  }
  CHECK(foreign_branch_problem({}, "changelings/sprite/" + std::string(300, 'r'), "main"));
}

TEST_CASE("the base is never ours, even if it is called like a branch of a run") {
  CHECK(foreign_branch_problem({}, "changelings/sprite/r1", "changelings/sprite/r1") ==
        "is the branch that the work is meant for");
  CHECK(foreign_branch_problem({}, "changelings/sprite/r1", "main:refs/heads/x"));
}
