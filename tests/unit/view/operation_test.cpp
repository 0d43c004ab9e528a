#include "view/operation.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("an operation of the history says who did what to what, and null for what it did not concern") {
  const store::OperationRecord operation{git::ObjectId::from_hex("0123456789abcdef0123456789abcdef01234567"),
                                         "run.finish",
                                         "run sprite: opened-pr",
                                         "Ada <ada@example.com>",
                                         testing::morning,
                                         "sprite",
                                         "abc234",
                                         "",
                                         ""};
  CHECK(view::to_json(operation) == Json{{"id", "0123456789abcdef0123456789abcdef01234567"},
                                         {"kind", "run.finish"},
                                         {"subject", "run sprite: opened-pr"},
                                         {"actor", "Ada <ada@example.com>"},
                                         {"time", testing::morning_text},
                                         {"changeling", "sprite"},
                                         {"run", "abc234"},
                                         {"task", nullptr},
                                         {"undoes", nullptr},
                                         {"session", nullptr}});
}
