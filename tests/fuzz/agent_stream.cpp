// What agents print: Claude Code's events, in one piece and in pieces, and a transcript of mngr.
#include "fuzzing.hpp"
#include "run/claude_stream.hpp"
#include "run/mngr_transcript.hpp"

using namespace changeling;

void take(std::string_view input) {
  run::ClaudeStream whole;
  whole.feed(input);
  whole.finish();
  run::ClaudeStream pieces;
  for (std::string_view rest = input; !rest.empty();) {
    const std::size_t length = std::min<std::size_t>(rest.size(), 7);
    pieces.feed(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  pieces.finish();
  require(whole.session_id() == pieces.session_id());
  require(whole.denials() == pieces.denials());
  require(whole.result().has_value() == pieces.result().has_value());
  run::MngrTranscript transcript;
  transcript.update(input.substr(0, input.size() / 2));
  transcript.update(input);
}

CHANGELING_FUZZ_TARGET
