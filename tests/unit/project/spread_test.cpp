#include "project/spread.hpp"

#include <doctest/doctest.h>

using changeling::project::shared_part;

TEST_CASE("a repository has one name, however its URL is written") {
  for (const char* url :
       {"https://git.example.com/Team/Tool.git", "https://user:word@git.example.com:8443/team/tool",
        "ssh://git@git.example.com:22/team/tool.git/", "git@git.example.com:team/tool.git",
        "git.example.com:team/tool", "https://git.example.com/group/team/tool", "/srv/git/team/tool.git",
        "file:///srv/git/team/tool", "../team/tool", "/home/somebody/team/tool/.git"}) {
    CAPTURE(url);
    CHECK(shared_part(url) == "team/tool");
  }
  CHECK(shared_part("host:tool.git") == "tool");
  CHECK(shared_part("ssh://host/tool.git") == "tool");
  CHECK(shared_part("C++.git") == "c++");
  CHECK(shared_part("https://host") == "");
  CHECK(shared_part("") == "");
  CHECK(shared_part("///") == "");
}
