#include "server/api/runs.hpp"

#include <fmt/format.h>

#include <fstream>

#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "run/claude_turns.hpp"
#include "run/progress_file.hpp"
#include "run/request_states.hpp"
#include "run/run_metrics.hpp"
#include "server/api/cursor.hpp"
#include "server/api/handlers.hpp"
#include "server/api/moments.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"
#include "view/damage.hpp"
#include "view/run.hpp"
#include "view/turns.hpp"

namespace changeling::server::api {
namespace {

/// What a run is called whose machine is presumed dead; a record never says so itself.
constexpr std::string_view lost = "lost";

void take_outcome(const std::string& word, Timestamp now, store::RunQuery& query) {
  if (word.empty()) return;
  if (word == lost) {
    query.lost_at = now;
    return;
  }
  const auto* row = find_word(store::outcomes(), word);
  if (row == nullptr) {
    auto allowed = words_of(store::outcomes());
    allowed.emplace_back(lost);
    throw not_allowed(ErrorKind::Usage, "outcome", word, allowed);
  }
  query.outcome = row->outcome;
}

store::RunQuery query_of(Call& call) {
  const Timestamp now = call.project.clock().now();
  store::RunQuery query;
  query.changeling = call.text("changeling");
  if (const std::string task = call.text("task"); !task.empty())
    query.task = call.project.tasks().find(task).id;
  take_outcome(call.text("outcome"), now, query);
  query.failed = call.flag("failed");
  query.trigger = call.text("trigger");
  query.since = moment_at(call, "since");
  query.until = moment_at(call, "until");
  query.text = call.text("search");
  query.limit = call.limit();
  return query;
}

std::uint64_t size_of(std::ifstream& file) {
  file.seekg(0, std::ios::end);
  return static_cast<std::uint64_t>(file.tellg());
}

/// A negative offset counts from the end.
std::uint64_t start_of_part(std::int64_t offset, std::uint64_t size) {
  if (offset >= 0) return std::min(static_cast<std::uint64_t>(offset), size);
  const auto back = static_cast<std::uint64_t>(-offset);
  return back >= size ? 0 : size - back;
}

std::ifstream open_log(const store::RunRecord& run, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  throw Error(ErrorKind::NotFound,
              fmt::format("run {} left no log on this machine (it ran on {})", run.id, run.host));
}

/// Whole characters from there on, at most `limit` bytes.
std::string read_part(std::ifstream& file, std::uint64_t start, std::size_t limit) {
  file.seekg(static_cast<std::streamoff>(start));
  std::string part(limit, '\0');
  file.read(part.data(), static_cast<std::streamsize>(limit));
  part.resize(static_cast<std::size_t>(file.gcount()));
  const std::size_t whole = whole_characters(part);
  if (whole > 0) part.resize(whole);
  return part;
}

/// Where the last lines begin that fit into so many bytes; of a longer one, its last bytes.
std::uint64_t start_of_tail(std::ifstream& file, std::uint64_t size, std::int64_t bytes) {
  const std::uint64_t start = start_of_part(-bytes, size);
  if (start == 0) return 0;
  file.seekg(static_cast<std::streamoff>(start - 1));
  std::string part(size - start + 1, '\0');
  file.read(part.data(), static_cast<std::streamsize>(part.size()));
  const auto newline = part.find('\n');
  const bool has_whole_line = newline != std::string::npos && start + newline < size;
  return has_whole_line ? start + newline : start;
}

std::filesystem::path log_of(Call& call, const store::RunRecord& run) {
  const project::RunFiles files = call.project.places().run(run.id);
  return call.flag("transcript") ? files.transcript() : files.log();
}

}  // namespace

Json run_json(project::Project& project, const store::RunRecord& run) {
  Json json = view::to_json(project, run);
  if (run.status != store::RunStatus::Running) return json;
  const auto live = run::read_progress(project.places().run(run.id));
  if (!live) return json;
  json["step"] = live->step;
  json["activity"] = live->progress.activity;
  const Json metrics = run::metrics_json(live->progress);
  for (const auto& [name, value] : metrics.items()) {
    if (!value.is_null()) json[name] = value;
  }
  return json;
}

namespace handlers {

Reply list_runs(Call& call) {
  call.project.require_state();
  store::RunQuery query = query_of(call);
  const Json place = read_cursor(call);
  if (!place.is_null())
    query.after =
        store::RunPosition{parse_timestamp(place.at(0).get<std::string>()), place.at(1).get<std::string>()};
  const store::RunIndex& index = call.project.current_runs();
  // One more than asked for tells whether there is another page.
  ++query.limit;
  std::vector<store::RunRecord> runs = index.page(query);
  const bool more = runs.size() == query.limit;
  if (more) runs.pop_back();
  run::fill_request_states(call.project, runs);
  Json list = Json::array();
  for (const store::RunRecord& run : runs) list.push_back(run_json(call.project, run));
  Json next = nullptr;
  if (more) next = make_cursor(call, {format_timestamp(runs.back().started_at), runs.back().id});
  return {{{"runs", std::move(list)},
           {"total", index.count(query)},
           {"damaged", view::to_json(call.project.damage())},
           {"next_cursor", std::move(next)}}};
}

Reply get_run(Call& call) {
  call.project.require_state();
  store::RunRecord run = project::find_run(call.project, call.at("run"));
  run::fill_request_state(call.project, run);
  return {run_json(call.project, run)};
}

Reply get_run_log(Call& call) {
  call.project.require_state();
  const store::RunRecord run = project::find_run(call.project, call.at("run"));
  // Asked before reading: what was written before the end is then sure to be read.
  const bool live = project::is_alive(call.project.places(), run.id);
  std::ifstream file = open_log(run, log_of(call, run));
  const std::uint64_t size = size_of(file);
  const std::int64_t tail = call.number("tail");
  const std::uint64_t start =
      tail > 0 ? start_of_tail(file, size, tail) : start_of_part(call.number("offset"), size);
  const std::string part = read_part(file, start, tail > 0 ? size - start : call.limit());
  return {{{"run", run.id},
           {"offset", start},
           {"next_offset", start + part.size()},
           {"size", size},
           {"live", live},
           {"text", valid_utf8(part)}}};
}

Reply get_run_transcript(Call& call) {
  call.project.require_state();
  const store::RunRecord run = project::find_run(call.project, call.at("run"));
  const bool live = project::is_alive(call.project.places(), run.id);
  std::ifstream file = open_log(run, call.project.places().run(run.id).transcript());
  const std::uint64_t size = size_of(file);
  const std::uint64_t start = call.number("offset") > 0 ? start_of_part(call.number("offset"), size)
                                                        : start_of_tail(file, size, call.number("tail"));
  std::string part = read_part(file, start, static_cast<std::size_t>(call.number("tail")));
  if (live) part.resize(part.rfind('\n') + 1);
  Json turns = Json::array();
  for (const run::Turn& turn : run::read_claude_turns(part)) turns.push_back(view::to_json(turn));
  return {{{"run", run.id},
           {"offset", start},
           {"next_offset", start + part.size()},
           {"size", size},
           {"live", live},
           {"turns", std::move(turns)}}};
}

Reply download_run_log(Call& call) {
  call.project.require_state();
  const store::RunRecord run = project::find_run(call.project, call.at("run"));
  std::ifstream file = open_log(run, log_of(call, run));
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  Reply reply;
  reply.headers["content-disposition"] =
      fmt::format("attachment; filename=\"{}.{}\"", run.id, call.flag("transcript") ? "transcript" : "log");
  reply.content = Reply::Content{"text/plain; charset=utf-8", std::move(bytes)};
  return reply;
}

}  // namespace handlers
}  // namespace changeling::server::api
