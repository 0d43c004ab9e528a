#include "run/progress_file.hpp"

#include "run/run_metrics.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::run {

void write_progress(const project::RunFiles& files, const LiveProgress& live) {
  Json object = metrics_json(live.progress);
  object["step"] = live.step;
  object["activity"] = live.progress.activity;
  try {
    write_file(files.progress(), object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n",
               Outlives::Process);
  } catch (const Error&) {
    // Only an aid for people; a full disk must not end the agent's work.
  }
}

std::optional<LiveProgress> read_progress(const project::RunFiles& files) {
  try {
    const auto text = read_file_if_exists(files.progress());
    if (!text) return std::nullopt;
    const Json object = parse_json(*text, files.progress().string());
    LiveProgress live;
    live.step = json_string(object, "step").value_or("");
    live.progress.turns = json_integer(object, "turns");
    live.progress.cost_usd = json_number(object, "cost_usd");
    live.progress.activity = json_string(object, "activity").value_or("");
    if (const auto tokens = object.find("tokens"); tokens != object.end() && tokens->is_object()) {
      live.progress.tokens = store::TokenUsage{
          json_integer(*tokens, "input").value_or(0), json_integer(*tokens, "output").value_or(0),
          json_integer(*tokens, "cache_read").value_or(0), json_integer(*tokens, "cache_write").value_or(0)};
    }
    return live;
  } catch (const Error&) {
    // Only an aid for people; an unreadable one is as good as none.
    return std::nullopt;
  }
}

}  // namespace changeling::run
