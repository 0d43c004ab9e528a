#include "store/run_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "store/records.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view archive_folder = "archive-runs";

/// A month of spending, and the longest rest of a target after failures.
constexpr auto recent = std::chrono::days(32);
/// Of each changeling; forecasts and reservations are made from no more.
constexpr std::size_t telling_runs = 20;

Timestamp end_of(const RunRecord& run) {
  return run.ended_at.value_or(run.started_at);
}

std::string archive_path(const RunRecord& run) {
  return fmt::format("{}/{}.jsonl", archive_folder, format_timestamp(end_of(run)).substr(0, 7));
}

/// What has become of pull requests, by number. Other forges keep theirs; of those the runs' notes tell.
std::map<std::int64_t, PullRequestState> local_requests(const Snapshot& snapshot) {
  std::map<std::int64_t, PullRequestState> states;
  for (const PullRequestRecord& pull : read_pull_requests(snapshot)) states[pull.number] = pull.state;
  return states;
}

/// Walks over the runs of one changeling, newest first, and tells which of them its rules are made from.
class Needs {
 public:
  bool needs(const RunRecord& run) {
    bool needed = !seen_any_;
    seen_any_ = true;
    if (run.cost_usd) needed |= costs_++ < telling_runs;
    if (!run.task.empty()) return needed;
    needed |= finished_++ < telling_runs;
    if (run.scheduled_for && (!latest_time_ || *run.scheduled_for > *latest_time_)) {
      latest_time_ = run.scheduled_for;
      needed = true;
    }
    // A time of the schedule may have fallen into it.
    needed |= latest_time_ && end_of(run) > *latest_time_;
    // The failures in a row, and the success that ends the row.
    if (!row_has_ended_) needed |= is_failure(run);
    if (!row_has_ended_ && run.outcome && is_success(*run.outcome)) row_has_ended_ = needed = true;
    return needed;
  }

 private:
  bool seen_any_ = false;
  std::size_t costs_ = 0;
  std::size_t finished_ = 0;
  std::optional<Timestamp> latest_time_;
  bool row_has_ended_ = false;
};

bool request_matters(const RunRecord& run, const std::map<std::int64_t, PullRequestState>& local) {
  if (!run.pull_request) return false;
  std::string state = run.pull_request->state;
  if (const auto known = local.find(run.pull_request->number);
      known != local.end() && run.pull_request->url.starts_with("local:"))
    state = to_string(known->second);
  return state == "open" || (state != "merged" && !run.target.empty());
}

}  // namespace

std::vector<RunRecord> archivable_runs(const Snapshot& snapshot, Timestamp before, Timestamp now) {
  const auto requests = local_requests(snapshot);
  std::map<std::string, Needs> needs;
  std::vector<RunRecord> archivable;
  for (RunRecord& run : read_runs(snapshot)) {
    const bool needed = needs[run.changeling].needs(run);
    const bool is_old = run.status == RunStatus::Finished && end_of(run) < before &&
                        end_of(run) < now - recent && run.started_at < now - recent;
    if (is_old && !needed && !request_matters(run, requests)) archivable.push_back(std::move(run));
  }
  return archivable;
}

void move_to_archive(const Snapshot& snapshot, Change& change, const std::vector<RunRecord>& runs) {
  std::map<std::string, std::string> lines;
  for (const RunRecord& run : runs) {
    lines[archive_path(run)] += to_json(run).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    change.remove(run_path(run.id));
  }
  for (const auto& [path, added] : lines) change.write(path, snapshot.read(path).value_or("") + added);
}

std::vector<RunRecord> find_archived_runs(const Snapshot& snapshot, const std::string& prefix,
                                          std::size_t limit) {
  std::vector<RunRecord> found;
  // As nlohmann's dump writes it; a look at every record of a long history would take seconds.
  const std::string mark = fmt::format("\"id\":\"{}", prefix);
  for (const std::string& path : snapshot.files_below(std::string(archive_folder))) {
    std::string text;
    read_or_note(path, nullptr, [&] { text = read_record(snapshot, path).value_or(""); });
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
      if (found.size() == limit) return found;
      const std::size_t begin = text.rfind('\n', at) + 1;  // npos + 1 is 0.
      const std::string line = text.substr(begin, text.find('\n', at) - begin);
      read_or_note(path, nullptr, [&] {
        RunRecord run = run_from_json(parse_json(line, path), path);
        if (run.id.starts_with(prefix)) found.push_back(std::move(run));
      });
    }
  }
  return found;
}

}  // namespace changeling::store
