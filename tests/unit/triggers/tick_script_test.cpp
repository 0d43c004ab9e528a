#include "triggers/tick_script.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace changeling;
using namespace changeling::triggers;

TEST_CASE("the script takes what finds programs and files, and no secret") {
  const Environment environment({{"PATH", "/usr/lib/git-core:/opt/agent's/bin:/bin:.:bin::/bin"},
                                 {"HOME", "/home/me"},
                                 {"LANG", "de_DE.UTF-8"},
                                 {"XDG_STATE_HOME", ""},
                                 {"ANTHROPIC_API_KEY", "sk-secret"},
                                 {"GITHUB_TOKEN", "ghp-secret"}});
  const std::string script = tick_script("/opt/git-changeling", "/home/me/state/tick.log", environment);
  CHECK(script.find("export PATH='/opt/agent'\\''s/bin:/bin'\n") != std::string::npos);
  CHECK(script.find("export HOME=/home/me\n") != std::string::npos);
  CHECK(script.find("export LANG=de_DE.UTF-8\n") != std::string::npos);
  CHECK(script.find("XDG_STATE_HOME") == std::string::npos);
  CHECK(script.find("secret") == std::string::npos);
  CHECK(script.find("tick >>/home/me/state/tick.log 2>&1\n") != std::string::npos);
}
