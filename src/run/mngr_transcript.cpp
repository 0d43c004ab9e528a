#include "run/mngr_transcript.hpp"

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

}  // namespace

std::string MngrTranscript::update(std::string_view reading,
                                   const std::function<void(const Progress&)>& on_progress) {
  if (!reading.starts_with(seen_)) {
    seen_.clear();
    progress_ = {};
    user_messages_ = 0;
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
  if (type == "user_message" || type == "tool_result") turn_ended_ = false;
  if (type == "user_message") ++user_messages_;
  if (type != "assistant_message") return false;

  progress_.turns = progress_.turns.value_or(0) + 1;
  if (const auto text = text_of(event, "text"); !text.empty()) {
    final_text_ = text;
    progress_.activity = last_line_of(text);
  }
  turn_ended_ = true;
  if (const auto calls = event.find("tool_calls"); calls != event.end() && calls->is_array()) {
    for (const Json& call : *calls) {
      if (!call.is_object()) continue;
      turn_ended_ = false;
      progress_.activity =
          text_of(call, "tool_name") + ": " + first_line_of(text_of(call, "input_preview"), 80);
    }
  }
  if (const auto usage = event.find("usage"); usage != event.end() && usage->is_object()) {
    auto& tokens = progress_.tokens ? *progress_.tokens : progress_.tokens.emplace();
    tokens.input += tokens_of(*usage, "input_tokens");
    tokens.output += tokens_of(*usage, "output_tokens");
    tokens.cache_read += tokens_of(*usage, "cache_read_tokens");
    tokens.cache_write += tokens_of(*usage, "cache_write_tokens");
  }
  return true;
}

}  // namespace changeling::run
