// Text of others: at a terminal, in JSON, and in the message of a commit of ours.
#include "support/text.hpp"
#include "fuzzing.hpp"
#include "git/commit_message.hpp"
#include "git/repository.hpp"
#include "support/characters.hpp"
#include "support/terminal.hpp"
#include "support/visible_text.hpp"

namespace {

using namespace changeling;

/// Whether a terminal obeys nothing of it, and a reader sees everything; `also` may be there.
bool is_seen(std::string_view text, std::string_view also) {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.length == 0) return false;
    const bool is_allowed = also.find(text.front()) != std::string_view::npos;
    if (is_control(character.point) && !is_allowed) return false;
    const bool joins = character.point == 0x200C || character.point == 0x200D;
    if (is_invisible(character.point) && !joins) return false;
    text.remove_prefix(character.length);
  }
  return true;
}

}  // namespace

void take(std::string_view input) {
  const std::string line = without_controls(input);
  require(is_seen(line, ""));
  require(without_controls(line) == line);
  // libFuzzer watches comparisons, and so learns the mark of our styles, which nobody else can.
  if (input.find("\x1B[") == std::string_view::npos) require(is_seen(harmless_on_terminal(input), "\n\t"));
  require(is_seen(harmless_on_terminal(format_table({{{std::string(input)}, {"x"}}}, 40, false)), "\n"));
  static_cast<void>(visible_markdown(input));
  const std::string message =
      git::commit_message(input, input, {{"Operation", "fuzz"}, {"Task", std::string(input)}});
  const auto id = git::ObjectId::from_hex(std::string(40, 'a'));
  const git::CommitInfo commit{id, id, {}, {"A", "a@example.org"}, {}, message};
  require(commit.trailer("Operation") == "fuzz");
  require(!commit.trailer("Undoes"));
}

CHANGELING_FUZZ_TARGET
