#include "run/claude_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/foreign_json.hpp"
#include "run/output_tail.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t kShownArgument = 80;

/// "Bash: ctest --test-dir build": the tool and that argument which says most.
std::string describe_tool_use(const std::string& tool, const Json& input) {
  for (const char* key : {"command", "file_path", "notebook_path", "path", "pattern", "url", "query", "skill",
                          "description", "prompt"}) {
    if (const auto value = first_line_of(text_of(input, key), kShownArgument); !value.empty()) {
      return tool + ": " + value;
    }
  }
  return tool;
}

/// A number as it was written, or nothing.
std::string number_text(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_number() ? value.dump() : "";
}

std::string describe_retry(const Json& event) {
  std::string reason = text_of(event, "error");
  if (const auto status = number_text(event, "error_status"); !status.empty()) reason = status;
  return fmt::format("API request failed ({}), retry {} of {}", reason.empty() ? "no answer" : reason,
                     number_text(event, "attempt"), number_text(event, "max_retries"));
}

}  // namespace

ClaudeStream::Seen ClaudeStream::feed(std::string_view bytes) {
  Seen seen;
  for (;;) {
    const auto newline = bytes.find('\n');
    if (newline == std::string_view::npos) break;
    if (unfinished_line_.empty()) {
      read_line(bytes.substr(0, newline), seen);
    } else {
      unfinished_line_.append(bytes.substr(0, newline));
      read_line(std::exchange(unfinished_line_, ""), seen);
    }
    bytes.remove_prefix(newline + 1);
  }
  unfinished_line_.append(bytes);
  return seen;
}

ClaudeStream::Seen ClaudeStream::finish() {
  Seen seen;
  read_line(std::exchange(unfinished_line_, ""), seen);
  return seen;
}

void ClaudeStream::read_line(std::string_view line, Seen& seen) {
  const Json event = parse_foreign_json(line);
  if (!event.is_object()) return;
  if (const auto session = text_of(event, "session_id"); !session.empty()) session_id_ = session;
  const std::string type = text_of(event, "type");
  if (type == "system") {
    read_system(event, seen);
  } else if (type == "assistant") {
    read_assistant(event, seen);
  } else if (type == "result") {
    read_result(event, seen);
  } else {
    // Signs of life of the connection, not of the agent.
    seen.activity |= !type.empty() && type != "keep_alive" && type != "rate_limit_event";
  }
}

void ClaudeStream::read_system(const Json& event, Seen& seen) {
  const std::string subtype = text_of(event, "subtype");
  if (subtype == "api_retry") {
    set_activity(describe_retry(event), seen);
    return;
  }
  seen.activity = true;
  if (subtype == "init") result_.reset();
  background_.read(event);
  if (subtype == "permission_denied") {
    note_denial(text_of(event, "tool_use_id"), text_of(event, "tool_name"));
  }
}

void ClaudeStream::read_assistant(const Json& event, Seen& seen) {
  seen.activity = true;
  const Json& message = member(event, "message");
  if (const auto id = text_of(message, "id"); !id.empty()) {
    numbers_.note_message(id, text_of(event, "parent_tool_use_id").empty(), member(message, "usage"));
    show_numbers(seen);
  }
  for (const Json& block : list_of(message, "content")) {
    const std::string type = text_of(block, "type");
    if (type == "text") {
      set_activity(last_line_of(text_of(block, "text")), seen);
    } else if (type == "tool_use") {
      const auto description = describe_tool_use(text_of(block, "name"), member(block, "input"));
      tool_uses_[text_of(block, "id")] = description;
      set_activity(description, seen);
    }
  }
}

void ClaudeStream::read_result(const Json& event, Seen& seen) {
  seen.activity = seen.result = true;
  ClaudeResult result;
  result.subtype = text_of(event, "subtype");
  result.terminal_reason = text_of(event, "terminal_reason");
  const Json& is_error = member(event, "is_error");
  // An answer that is neither yes nor no is no word of success.
  result.is_error = !is_error.is_null() && is_error != Json(false);
  // The program says "completed" of half a sentence, too, when the stream of the answer ends without a
  // reason.
  if (const auto stop = event.find("stop_reason"); stop != event.end()) result.is_cut_off = stop->is_null();
  result.text = text_of(event, "result");
  if (const Json& structured = member(event, "structured_output"); !structured.is_null())
    result.structured_output = json_text(structured);
  for (const Json& error : list_of(event, "errors")) {
    if (error.is_string()) result.errors.push_back(error.get<std::string>());
  }
  for (const Json& denial : list_of(event, "permission_denials")) {
    note_denial(text_of(denial, "tool_use_id"),
                describe_tool_use(text_of(denial, "tool_name"), member(denial, "tool_input")));
  }
  numbers_.note_result(event);
  show_numbers(seen);
  result_ = std::move(result);
}

void ClaudeStream::note_denial(const std::string& tool_use_id, const std::string& description) {
  const auto known = tool_uses_.find(tool_use_id);
  std::string shown = known == tool_uses_.end() ? description : known->second;
  if (shown.empty()) shown = "a tool";
  const auto& seen_before = tool_use_id.empty() ? denials_ : denied_ids_;
  const auto found =
      std::find(seen_before.begin(), seen_before.end(), tool_use_id.empty() ? shown : tool_use_id);
  if (found == seen_before.end()) {
    denials_.push_back(std::move(shown));
    denied_ids_.push_back(tool_use_id);
    return;
  }
  // The event names the tool alone; the result says what it was to do.
  std::string& before = denials_[static_cast<std::size_t>(found - seen_before.begin())];
  if (shown.starts_with(before)) before = std::move(shown);
}

void ClaudeStream::show_numbers(Seen& seen) {
  progress_.turns = numbers_.turns();
  progress_.tokens = numbers_.tokens();
  progress_.cost_usd = numbers_.cost_usd();
  seen.progress = true;
}

void ClaudeStream::set_activity(std::string activity, Seen& seen) {
  if (activity.empty()) return;
  progress_.activity = std::move(activity);
  seen.progress = true;
}

}  // namespace changeling::run
