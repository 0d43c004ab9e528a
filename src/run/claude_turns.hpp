#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::run {

/// Something that an agent said, did, or was told.
struct TurnEntry {
  enum class Kind {
    Text,      ///< What it says.
    Thinking,  ///< What it thinks aloud.
    Tool,      ///< It uses a tool; `text` is what the tool gets, as JSON.
    Result,    ///< What the tool answered.
    Refused,   ///< It was not allowed to use the tool.
    Message,   ///< What a person said to it.
    End,       ///< The result of all turns so far.
    Output,    ///< A line that is none of these, such as a warning of the program.
  };

  Kind kind = Kind::Output;
  std::string tool_use;  ///< Id that ties a tool to its result; or empty.
  std::string name;      ///< Of a tool.
  std::string text;
  std::string inside;                  ///< Tool use of the agent's own agent that this belongs to; or empty.
  bool is_error = false;               ///< Of a result, and of the end.
  bool is_cut = false;                 ///< The text is only its beginning.
  std::optional<Timestamp> time = {};  ///< Where the transcript has it.
};
std::string_view to_string(TurnEntry::Kind kind);

/// One answer of the model with what came of it.
struct Turn {
  std::string id;  ///< The message's; empty for what comes before the first one.
  std::vector<TurnEntry> entries;
};

/// Longest text of one entry, in bytes.
inline constexpr std::size_t longest_entry = std::size_t{16} * 1024;

/// Reads a transcript of `claude --output-format stream-json`, or a part of it in whole lines, with the
/// messages that were sent to the agent in between. What the format has besides is left out. Pure.
std::vector<Turn> read_claude_turns(std::string_view transcript);

}  // namespace changeling::run
