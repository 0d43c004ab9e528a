#include "run/claude_turns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "run/foreign_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

using Kind = TurnEntry::Kind;

constexpr std::string_view message_mark = "message from ";

/// A tool answers with a text or with a list of blocks.
std::string text_of_content(const Json& block) {
  const Json& content = member(block, "content");
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  for (const Json& part : list_of(block, "content")) text += text_of(part, "text");
  return text;
}

/// Some kinds of events say when they were; what is no time is left out.
std::optional<Timestamp> time_of(const Json& event) {
  try {
    return parse_timestamp(text_of(event, "timestamp"));
  } catch (const Error&) {
    return std::nullopt;
  }
}

class Reader {
 public:
  void read(std::string_view line) {
    time_.reset();
    if (trim(line).empty()) return;
    if (line.starts_with(message_mark))
      return add({Kind::Message, "", "", std::string(line), "", false, false});
    const Json event = parse_foreign_json(line);
    if (!event.is_object()) return add({Kind::Output, "", "", std::string(line), "", false, false});
    time_ = time_of(event);
    const std::string type = text_of(event, "type");
    if (type == "assistant") return read_assistant(event);
    if (type == "user") return read_user(event);
    if (type == "result") return read_end(event);
    if (type == "message") return read_message(event);
    if (type == "system" && text_of(event, "subtype") == "permission_denied")
      add({Kind::Refused, text_of(event, "tool_use_id"), text_of(event, "tool_name"), "", "", true, false});
  }
  std::vector<Turn> take() { return std::move(turns_); }

 private:
  void add(TurnEntry entry) {
    if (turns_.empty()) turns_.emplace_back();
    entry.time = time_;
    entry.text = valid_utf8(entry.text);
    entry.is_cut = entry.text.size() > longest_entry;
    if (entry.is_cut)
      entry.text.resize(whole_characters(std::string_view(entry.text).substr(0, longest_entry)));
    turns_.back().entries.push_back(std::move(entry));
  }

  void read_assistant(const Json& event) {
    const std::string inside = text_of(event, "parent_tool_use_id");
    const Json& message = member(event, "message");
    const std::string id = text_of(message, "id");
    // What its own agents say belongs to the turn that started them.
    if (inside.empty() && (turns_.empty() || turns_.back().id != id)) turns_.push_back({id, {}});
    for (const Json& block : list_of(message, "content")) read_block(block, inside);
  }

  void read_block(const Json& block, const std::string& inside) {
    const std::string type = text_of(block, "type");
    if (type == "text") add({Kind::Text, "", "", text_of(block, "text"), inside, false, false});
    if (type == "thinking") add({Kind::Thinking, "", "", text_of(block, "thinking"), inside, false, false});
    if (type == "tool_use")
      add({Kind::Tool, text_of(block, "id"), text_of(block, "name"), json_text(member(block, "input")),
           inside, false, false});
  }

  void read_user(const Json& event) {
    const std::string inside = text_of(event, "parent_tool_use_id");
    for (const Json& block : list_of(member(event, "message"), "content")) {
      if (text_of(block, "type") != "tool_result") continue;
      add({Kind::Result, text_of(block, "tool_use_id"), "", text_of_content(block), inside,
           member(block, "is_error") == Json(true), false});
    }
  }

  /// What a person said to the agent, as the run notes it in a transcript of JSON.
  void read_message(const Json& event) {
    add({Kind::Message, "", "",
         fmt::format("{}{}: {}", message_mark, text_of(event, "from"), text_of(event, "text")), "", false,
         false});
  }

  void read_end(const Json& event) {
    const Json& is_error = member(event, "is_error");
    add({Kind::End, "", text_of(event, "subtype"), text_of(event, "result"), "",
         !is_error.is_null() && is_error != Json(false), false});
  }

  std::vector<Turn> turns_;
  std::optional<Timestamp> time_;  ///< Of the line that is read.
};

}  // namespace

std::string_view to_string(TurnEntry::Kind kind) {
  constexpr std::array<std::string_view, 8> words{"text",    "thinking", "tool", "result",
                                                  "refused", "message",  "end",  "output"};
  return words.at(static_cast<std::size_t>(kind));
}

std::vector<Turn> read_claude_turns(std::string_view transcript) {
  Reader reader;
  while (!transcript.empty()) {
    const auto end = std::min(transcript.find('\n'), transcript.size());
    reader.read(transcript.substr(0, end));
    transcript.remove_prefix(std::min(end + 1, transcript.size()));
  }
  return reader.take();
}

}  // namespace changeling::run
