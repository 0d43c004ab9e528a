#include "hooks/hook_block.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::hooks;

namespace {

/// Files that people really have, and some that nobody should.
const std::vector<std::string>& shell_scripts() {
  static const std::vector<std::string> scripts = {
      "",
      "\n",
      "#!/bin/sh",
      "#!/bin/sh\n",
      "#!/bin/sh\nexit 0\n",
      "#!/bin/sh\nexit 0",
      "#!/bin/sh\nif true; then\n  exit 3\nfi\necho never\n",
      "#!/bin/sh -e\nset -eu\nfalse\n",
      "#! /usr/bin/env bash\nset -euo pipefail\nwait\n",
      "#!/usr/bin/env -S bash -e\necho x\n",
      "#!/usr/bin/env\tFOO=1 zsh\necho x\n",
      "#!/bin/sh\r\necho dos\r\nexit 0\r\n",
      "#!/bin/sh\n\n\n",
      "echo no first line\n",
      "# only a comment",
      "cat <<'X'\n#!/bin/sh\nX\n",
      "#!/bin/sh\n# >>> conda initialize >>>\n# <<< conda initialize <<<\n",
      "#!/bin/sh\necho '# >>> git-changeling hook: quoted'\n",
      "#!/bin/sh\nprintf '\\303\\251'\n\xc3\xa9\n",
  };
  return scripts;
}

}  // namespace

TEST_CASE("taking the block out leaves every script as it was") {
  for (const std::string& script : shell_scripts()) {
    CAPTURE(script);
    REQUIRE(is_shell_script(script));
    for (const std::string event : {"post-merge", "pre-push"}) {
      const std::string with = with_hook_block(script, event);
      CHECK(with != script);
      CHECK(without_hook_block(with) == script);
      CHECK(with_hook_block(with, event) == with);
      CHECK(find_hook_block(with)->kind == (script == "#!/bin/sh" ? BlockKind::Joined : BlockKind::Added));
    }
  }
}

TEST_CASE("the block stands where it is reached") {
  CHECK(with_hook_block("#!/bin/sh\nexit 0\n", "post-merge").starts_with("#!/bin/sh\n# >>> git-changeling"));
  CHECK(with_hook_block("exit 0\n", "post-merge").starts_with("# >>> git-changeling"));
  CHECK(with_hook_block("#!/bin/sh\nexit 0\n", "post-merge").ends_with("hook\nexit 0\n"));
}

TEST_CASE("a block of an older program is replaced in its place") {
  std::string old = with_hook_block("#!/bin/sh", "post-merge");
  const auto place = old.find("git-changeling hook run");
  old.replace(place, 23, "git-changeling-before run");
  const std::string renewed = with_hook_block(old, "post-merge");
  CHECK(renewed == with_hook_block("#!/bin/sh", "post-merge"));
  CHECK(without_hook_block(renewed) == "#!/bin/sh");
}

TEST_CASE("lines written around the block later stay") {
  const std::string with = with_hook_block("#!/bin/sh", "post-merge") + "echo later\n";
  CHECK(without_hook_block(with) == "#!/bin/sh\necho later\n");
  const std::string own = own_hook_file("post-merge", "") + "echo later\n";
  CHECK(without_hook_block(own) == "#!/bin/sh\necho later\n");
}

TEST_CASE("a file of our own leaves only its first line") {
  CHECK(without_hook_block(own_hook_file("post-merge", "")) == own_hook_rest());
  CHECK(find_hook_block(own_hook_file("post-merge", ""))->kind == BlockKind::Whole);
  const std::string chain = own_hook_file("post-merge", "post-merge.kept");
  CHECK(without_hook_block(chain) == own_hook_rest());
  CHECK(find_hook_block(chain)->kind == BlockKind::Chain);
  CHECK(chain.find("exec \"${0%/*}/post-merge.kept\" \"$@\"") != std::string::npos);
}

TEST_CASE("a block whose end is missing is not guessed at") {
  std::string broken = with_hook_block("#!/bin/sh\necho mine\n", "post-merge");
  broken.erase(broken.find("# <<<"), 10);
  CHECK_THROWS_AS(find_hook_block(broken), Error);
}

TEST_CASE("what is no shell script is told apart") {
  for (const std::string other :
       {"#!/usr/bin/python3\nprint()\n", "#!/usr/bin/env python3\n", "#!/usr/bin/env -S node --no-warnings\n",
        "#!/usr/bin/fish\n", "#!/bin/csh\n", "#!/usr/bin/perl -w\n", "#!\n"}) {
    CAPTURE(other);
    CHECK_FALSE(is_shell_script(other));
  }
  CHECK_FALSE(
      is_shell_script(std::string("\x7f"
                                  "ELF\0\0",
                                  6)));
}

TEST_CASE("the interpreter is what the kernel would look for") {
  CHECK(interpreter_of("#!/bin/sh -e\n") == "/bin/sh");
  CHECK(interpreter_of("#! /usr/bin/env bash") == "/usr/bin/env");
  CHECK(interpreter_of("#!/bin/sh\r\n") == "/bin/sh\r");
  CHECK(interpreter_of("echo\n") == std::nullopt);
}
