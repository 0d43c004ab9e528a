#include "schedule/crontab.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "schedule/systemd_units.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::schedule;

namespace {

const std::string line = crontab_line("/home/me/.local/share/git-changeling/tick.sh");

std::string refusal(const std::string& crontab) {
  try {
    static_cast<void>(find_crontab_block(crontab));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Conflict);
    CHECK(error.hint().find("crontab -e") != std::string::npos);
    return error.what();
  }
  FAIL("accepted: " << crontab);
  return "";
}

}  // namespace

TEST_CASE("taking the block out leaves every byte as it was") {
  const std::vector<std::optional<std::string>> crontabs = {
      std::nullopt,
      "",
      "\n",
      "\n\n",
      "0 3 * * * backup\n",
      "0 3 * * * backup",
      "0 3 * * * backup\r\nMAILTO=\"\"\r\n",
      "0 3 * * * backup\r\n1 1 * * * no-newline\r",
      "# only a comment, with a \\% and \xff\n",
      "# >>> other tool >>>\n* * * * * other\n# <<< other tool <<<\n",
      "# git-changeling is nice\n",
  };
  for (const auto& crontab : crontabs) {
    CAPTURE(crontab.value_or("(none)"));
    const std::string with = with_crontab_block(crontab, line);
    const auto block = find_crontab_block(with);
    REQUIRE(block);
    CHECK(block->line == line);
    CHECK(with.starts_with(crontab.value_or("")));
    CHECK(with.ends_with("\n"));
    // Again changes nothing, and neither does a form in between.
    CHECK(with_crontab_block(with, line) == with);
    const std::string older = with_crontab_block(with, "* * * * * /usr/bin/git-changeling tick");
    CHECK(older != with);
    CHECK(with_crontab_block(older, line) == with);
    CHECK(without_crontab_block(with) == crontab);
    CHECK(without_crontab_block(older) == crontab);
  }
}

TEST_CASE("what others have added meanwhile stays") {
  const std::string with = with_crontab_block("a", line);
  CHECK(without_crontab_block(with + "b\n") == "a\nb\n");
  CHECK(without_crontab_block("c\n" + with_crontab_block(std::nullopt, line)) == "c\n");
  CHECK(without_crontab_block(with_crontab_block(std::nullopt, line) + "b\n") == "b\n");
  CHECK(without_crontab_block("nothing of ours\n") == "nothing of ours\n");
}

TEST_CASE("a damaged block is refused with its line") {
  const std::string block = with_crontab_block("a\n", line);
  const std::string begin = "# >>> git-changeling schedule >>>\n";
  const std::string end = "# <<< git-changeling schedule <<<\n";
  CHECK(refusal(block + block).find("line 6 ") == 0);
  CHECK(refusal("a\n" + begin + "b\n" + end).find("line 3 of your crontab: it is not git-changeling's") == 0);
  CHECK(refusal("a\n" + begin + line + "\n").find("does not end") != std::string::npos);
  CHECK(refusal("a\n" + end).find("line 2 ") == 0);
  CHECK_THROWS_AS(with_crontab_block("a\n" + end, line), Error);
  CHECK_THROWS_AS(without_crontab_block("a\n" + end), Error);
  CHECK_FALSE(find_crontab_block("a\n"));
  // Somebody has removed the line only: still a block, which install fills again.
  CHECK(find_crontab_block(begin + end)->line.empty());
}

TEST_CASE("a path with everything cron, the shell and systemd read their own way") {
  CHECK(line ==
        "* * * * * [ -r /home/me/.local/share/git-changeling/tick.sh ] && exec /bin/sh "
        "/home/me/.local/share/git-changeling/tick.sh");
  CHECK(crontab_line("'/a b/100%/tick.sh'") ==
        "* * * * * [ -r '/a b/100\\%/tick.sh' ] && exec /bin/sh '/a b/100\\%/tick.sh'");
  // What cron would take away is there once more; a backslash before any other letter stays as it is.
  CHECK(crontab_line(R"(/a\\b\%c'\''d)") ==
        R"(* * * * * [ -r /a\\\b\\\%c'\''d ] && exec /bin/sh /a\\\b\\\%c'\''d)");
  const std::string unit = systemd_service_unit("/a b/100%/$x\"/tick.sh");
  CHECK(unit.find("\nExecStart=/bin/sh \"/a b/100%%/$$x\\\"/tick.sh\"\n") != std::string::npos);
  CHECK(unit.find("\nConditionPathExists=/a b/100%%/$x\"/tick.sh\n") != std::string::npos);
}
