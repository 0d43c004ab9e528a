#include "view/halt.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("a halt says why nothing starts and how to take it back") {
  const project::Halt halt{"everything is switched off", "git changeling enable --all"};
  CHECK(view::to_json(std::optional(halt)) ==
        Json{{"reason", "everything is switched off"}, {"undo", "git changeling enable --all"}});
}

TEST_CASE("without a halt there is null") {
  CHECK(view::to_json(std::optional<project::Halt>()) == nullptr);
}
