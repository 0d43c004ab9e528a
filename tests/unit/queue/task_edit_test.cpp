#include "queue/task_edit.hpp"

#include <doctest/doctest.h>

using namespace changeling::queue;

TEST_CASE("only what both changed, and differently, is in conflict") {
  Task base;
  base.title = "One";
  base.role = "fixer";
  base.labels = {"old"};
  Task ours = base;
  ours.title = "Mine";
  ours.labels = {"same"};
  ours.description = "mine";
  Task theirs = base;
  theirs.title = "Theirs";
  theirs.labels = {"same"};
  theirs.role = "helper";
  CHECK(differing_fields(base, ours) == std::vector<std::string>{"title", "labels", "description"});
  CHECK(fields_changed_by_both(base, ours, theirs) == std::vector<std::string>{"title"});
  CHECK(fields_changed_by_both(base, base, theirs).empty());

  Task merged = theirs;
  take_over_fields(merged, ours, differing_fields(base, ours));
  CHECK(merged.title == "Mine");
  CHECK(merged.role == "helper");
  CHECK(merged.description == "mine");
}
