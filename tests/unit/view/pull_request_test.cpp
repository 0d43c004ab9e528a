#include "view/pull_request.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("a pull request is shown without its body, with the keys that review list promises") {
  forge::PullRequest pull;
  pull.number = 7;
  pull.title = "Mend typos";
  pull.body = "Long.";
  pull.changeling = "sprite";
  pull.branch = "changelings/sprite/abc234";
  pull.base = "main";
  pull.head = "0123456789abcdef0123456789abcdef01234567";
  pull.state = "open";
  pull.url = "https://example.com/7";
  pull.draft = true;
  CHECK(view::to_json(pull) == Json{{"number", 7},
                                    {"title", "Mend typos"},
                                    {"changeling", "sprite"},
                                    {"branch", "changelings/sprite/abc234"},
                                    {"base", "main"},
                                    {"head", "0123456789abcdef0123456789abcdef01234567"},
                                    {"state", "open"},
                                    {"url", "https://example.com/7"},
                                    {"draft", true}});
}
