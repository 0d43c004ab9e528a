#include "server/served_names.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using namespace changeling::server;

namespace {

std::vector<std::string> names_of(std::vector<Served> repositories) {
  tell_apart(repositories);
  std::vector<std::string> names;
  for (const Served& one : repositories) names.push_back(one.name);
  return names;
}

}  // namespace

TEST_CASE("who has a name alone keeps it") {
  CHECK(names_of({{"one", "/a/one"}, {"two", "/a/two"}}) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("of several with a name none has it alone, and each keeps its own whoever comes and goes") {
  const auto two = names_of({{"same", "/a/same"}, {"same", "/b/same"}});
  CHECK(two[0] != two[1]);
  CHECK(two[0].starts_with("same-"));
  CHECK(two[1].starts_with("same-"));
  const auto three = names_of({{"same", "/0/same"}, {"same", "/a/same"}, {"same", "/b/same"}});
  CHECK(three[1] == two[0]);
  CHECK(three[2] == two[1]);
}
