#include "run/claude_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/output_tail.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t kShownArgument = 80;

/// The member, or null. Unlike the readers of records these accept any shape: the writer is another program.
const Json& member(const Json& object, const char* key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

/// The member if it is a list, otherwise an empty one.
const Json& list_of(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const Json& value = member(object, key);
  return value.is_array() ? value : empty;
}

std::string text_of(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

std::int64_t number_of(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_number() ? value.get<std::int64_t>() : 0;
}

store::TokenUsage usage_of(const Json& usage) {
  return {number_of(usage, "input_tokens"), number_of(usage, "output_tokens"),
          number_of(usage, "cache_read_input_tokens"), number_of(usage, "cache_creation_input_tokens")};
}

store::TokenUsage sum(const std::map<std::string, store::TokenUsage>& usages) {
  store::TokenUsage total;
  for (const auto& [id, usage] : usages) {
    total.input += usage.input;
    total.output += usage.output;
    total.cache_read += usage.cache_read;
    total.cache_write += usage.cache_write;
  }
  return total;
}

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

std::string describe_retry(const Json& event) {
  std::string reason = text_of(event, "error");
  if (const auto status = number_of(event, "error_status"); status != 0) reason = fmt::format("{}", status);
  return fmt::format("API request failed ({}), retry {} of {}", reason.empty() ? "no answer" : reason,
                     number_of(event, "attempt"), number_of(event, "max_retries"));
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
  const Json event = Json::parse(line, nullptr, false);
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
  if (subtype == "init" && result_) {
    seen.resumption = true;
    result_.reset();
  }
  if (subtype == "permission_denied") {
    note_denial(text_of(event, "tool_use_id"), text_of(event, "tool_name"));
  }
}

void ClaudeStream::read_assistant(const Json& event, Seen& seen) {
  seen.activity = true;
  const Json& message = member(event, "message");
  if (const auto id = text_of(message, "id"); !id.empty()) {
    // A sub-agent's messages cost tokens but are no turns of the agent whose turns are limited.
    messages_[id] = text_of(event, "parent_tool_use_id").empty();
    progress_.turns =
        std::count_if(messages_.begin(), messages_.end(), [](const auto& entry) { return entry.second; });
    usage_by_message_[id] = usage_of(member(message, "usage"));
    progress_.tokens = sum(usage_by_message_);
    seen.progress = true;
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
  seen.activity = seen.progress = seen.result = true;
  ClaudeResult result;
  result.subtype = text_of(event, "subtype");
  result.terminal_reason = text_of(event, "terminal_reason");
  const Json& is_error = member(event, "is_error");
  result.is_error = is_error.is_boolean() && is_error.get<bool>();
  result.text = text_of(event, "result");
  for (const Json& error : list_of(event, "errors")) {
    if (error.is_string()) result.errors.push_back(error.get<std::string>());
  }
  for (const Json& denial : list_of(event, "permission_denials")) {
    note_denial(text_of(denial, "tool_use_id"),
                describe_tool_use(text_of(denial, "tool_name"), member(denial, "tool_input")));
  }
  if (member(event, "num_turns").is_number()) progress_.turns = number_of(event, "num_turns");
  if (const Json& cost = member(event, "total_cost_usd"); cost.is_number())
    progress_.cost_usd = cost.get<double>();
  if (const Json& usage = member(event, "usage"); usage.is_object()) progress_.tokens = usage_of(usage);
  result_ = std::move(result);
}

void ClaudeStream::note_denial(const std::string& tool_use_id, const std::string& description) {
  const auto known = tool_uses_.find(tool_use_id);
  const std::string& shown = known == tool_uses_.end() ? description : known->second;
  const auto& seen_before = tool_use_id.empty() ? denials_ : denied_ids_;
  const auto& key = tool_use_id.empty() ? shown : tool_use_id;
  if (std::find(seen_before.begin(), seen_before.end(), key) != seen_before.end()) return;
  denials_.push_back(shown.empty() ? "a tool" : shown);
  denied_ids_.push_back(tool_use_id);
}

void ClaudeStream::set_activity(std::string activity, Seen& seen) {
  if (activity.empty()) return;
  progress_.activity = std::move(activity);
  seen.progress = true;
}

}  // namespace changeling::run
