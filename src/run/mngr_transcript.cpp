#include "run/mngr_transcript.hpp"

#include <algorithm>

#include "run/output_tail.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Absent, null and other shapes count as zero: not every kind of agent tells its tokens.
std::int64_t tokens_of(const Json& usage, const char* key) {
  const auto found = usage.find(key);
  if (found == usage.end() || !found->is_number()) return 0;
  // A negative number would take back what others have used; a huge one fits nowhere.
  constexpr double largest = 9007199254740992;
  const double number = found->get<double>();
  return number >= 0 && number <= largest ? static_cast<std::int64_t>(number) : 0;
}

/// What a tool is used on: the argument that tells a person most.
std::string preview_of(const Json& call) {
  const auto arguments = call.find("arguments");
  if (arguments == call.end() || !arguments->is_object()) return "";
  for (const char* key : {"command", "file_path", "path", "pattern", "url", "query", "description"}) {
    if (const std::string value = text_of(*arguments, key); !value.empty()) return value;
  }
  return arguments->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<store::TokenUsage> tokens_in(const Json& event) {
  store::TokenUsage tokens;
  if (const auto usage = event.find("usage"); usage != event.end() && usage->is_object()) {
    tokens.input = tokens_of(*usage, "input_tokens");
    tokens.output = tokens_of(*usage, "output_tokens");
    tokens.cache_read = tokens_of(*usage, "cache_read_tokens");
    tokens.cache_write = tokens_of(*usage, "cache_write_tokens");
    return tokens;
  }
  const auto metrics = event.find("metrics");
  if (metrics == event.end() || !metrics->is_object()) return std::nullopt;
  if (const auto extra = metrics->find("extra"); extra != metrics->end() && extra->is_object()) {
    tokens.cache_write = tokens_of(*extra, "cache_creation_input_tokens");
  }
  tokens.output = tokens_of(*metrics, "completion_tokens");
  tokens.cache_read = tokens_of(*metrics, "cached_tokens");
  // ATIF counts what was cached among the prompt's tokens.
  tokens.input = std::max<std::int64_t>(
      tokens_of(*metrics, "prompt_tokens") - tokens.cache_read - tokens.cache_write, 0);
  return tokens;
}

}  // namespace

std::string MngrTranscript::update(std::string_view reading,
                                   const std::function<void(const Progress&)>& on_progress) {
  if (!reading.starts_with(seen_)) {
    seen_.clear();
    progress_ = {};
    user_messages_ = 0;
    has_messages_ = false;
  }
  // Only whole lines: the last one may still be being written.
  const auto end = reading.rfind('\n');
  const std::string_view whole = reading.substr(0, end == std::string_view::npos ? 0 : end + 1);
  if (whole.size() <= seen_.size()) return "";
  std::string more(whole.substr(seen_.size()));
  seen_ = whole;
  for (const auto& line : split_lines(more)) {
    if (read_line(line) && on_progress) on_progress(progress_);
  }
  return more;
}

bool MngrTranscript::read_line(std::string_view line) {
  const Json event = Json::parse(line, nullptr, false);
  if (!event.is_object()) return false;
  const std::string type = text_of(event, "type");
  const std::string source = type == "step" ? text_of(event, "source") : "";
  const bool is_user = type == "user_message" || source == "user";
  const bool is_agent = type == "assistant_message" || source == "agent";
  if (is_user || is_agent) has_messages_ = true;
  if (is_user || type == "tool_result" || type == "observation") turn_ended_ = false;
  if (is_user) ++user_messages_;
  if (!is_agent) return false;

  progress_.turns = progress_.turns.value_or(0) + 1;
  if (const auto text = text_of(event, source.empty() ? "text" : "message"); !text.empty()) {
    final_text_ = text;
    progress_.activity = last_line_of(text);
  }
  turn_ended_ = true;
  if (const auto calls = event.find("tool_calls"); calls != event.end() && calls->is_array()) {
    for (const Json& call : *calls) {
      if (!call.is_object()) continue;
      if (source.empty()) {
        note_call(text_of(call, "tool_name"), text_of(call, "input_preview"));
      } else {
        note_call(text_of(call, "function_name"), preview_of(call));
      }
    }
  }
  if (const auto usage = tokens_in(event)) {
    auto& tokens = progress_.tokens ? *progress_.tokens : progress_.tokens.emplace();
    tokens.input += usage->input;
    tokens.output += usage->output;
    tokens.cache_read += usage->cache_read;
    tokens.cache_write += usage->cache_write;
  }
  return true;
}

void MngrTranscript::note_call(const std::string& tool, const std::string& preview) {
  turn_ended_ = false;
  progress_.activity = tool + ": " + first_line_of(preview, 80);
}

}  // namespace changeling::run
