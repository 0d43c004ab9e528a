#include "store/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view definitions_folder = "changelings";
constexpr std::string_view runs_folder = "runs";
constexpr std::string_view pull_requests_folder = "pulls";
constexpr std::string_view definition_suffix = ".toml";

std::string place(const Snapshot& snapshot, const std::string& path) {
  return fmt::format("{}:{}", snapshot.commit() ? snapshot.commit()->short_hex() : "state", path);
}

}  // namespace

std::string definition_path(std::string_view changeling) {
  return fmt::format("{}/{}{}", definitions_folder, changeling, definition_suffix);
}

std::string run_path(std::string_view run_id) {
  return fmt::format("{}/{}/{}/{}.json", runs_folder, run_id.substr(0, 2), run_id.substr(2, 2), run_id);
}

std::string pull_request_path(std::int64_t number) {
  return fmt::format("{}/{}.json", pull_requests_folder, number);
}

std::optional<Layer> read_definition(const Snapshot& snapshot, const std::string& name) {
  const std::string path = definition_path(name);
  const auto text = snapshot.read(path);
  if (!text) return std::nullopt;
  return parse_definition(*text, place(snapshot, path), "state");
}

std::map<std::string, Layer> read_definitions(const Snapshot& snapshot) {
  std::map<std::string, Layer> layers;
  for (const std::string& file : snapshot.names(std::string(definitions_folder))) {
    if (!file.ends_with(definition_suffix)) continue;
    const std::string name = file.substr(0, file.size() - definition_suffix.size());
    if (auto layer = read_definition(snapshot, name)) layers.emplace(name, std::move(*layer));
  }
  return layers;
}

void write_definition(Change& change, const std::string& name, const Layer& layer) {
  change.write(definition_path(name), changeling::write_definition(layer));
}

std::vector<RunRecord> read_runs(const Snapshot& snapshot) {
  std::vector<RunRecord> runs;
  for (const std::string& path : snapshot.files_below(std::string(runs_folder))) {
    const std::string source = place(snapshot, path);
    runs.push_back(run_from_json(parse_json(snapshot.read(path).value_or(""), source), source));
  }
  std::sort(runs.begin(), runs.end(), [](const RunRecord& one, const RunRecord& two) {
    return std::tie(two.started_at, two.id) < std::tie(one.started_at, one.id);
  });
  return runs;
}

std::optional<RunRecord> read_run(const Snapshot& snapshot, std::string_view id) {
  if (id.size() < 5) return std::nullopt;
  const std::string path = run_path(id);
  const auto text = snapshot.read(path);
  if (!text) return std::nullopt;
  const std::string source = place(snapshot, path);
  return run_from_json(parse_json(*text, source), source);
}

RunRecord find_run(const Snapshot& snapshot, std::string_view prefix) {
  if (auto run = read_run(snapshot, prefix)) return *run;
  std::vector<std::string> matches;
  for (const std::string& path : snapshot.files_below(std::string(runs_folder))) {
    const std::string_view file = std::string_view(path).substr(path.rfind('/') + 1);
    const std::string_view id = file.substr(0, file.size() - std::string_view(".json").size());
    if (!prefix.empty() && id.starts_with(prefix)) matches.emplace_back(id);
  }
  if (matches.empty()) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no run '{}'", prefix),
                "see: git changeling runs list");
  }
  if (matches.size() > 1) {
    throw Error(ErrorKind::Usage,
                fmt::format("'{}' is the start of {} runs, such as {} and {}", prefix, matches.size(),
                            matches[0], matches[1]),
                "write more of the run's id");
  }
  return *read_run(snapshot, matches.front());
}

void write_run(Change& change, const RunRecord& run) {
  // What agents say need not be UTF-8, and the record must be written whatever they said.
  change.write(run_path(run.id), to_json(run).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::optional<PullRequestRecord> read_pull_request(const Snapshot& snapshot, std::int64_t number) {
  const std::string path = pull_request_path(number);
  const auto text = snapshot.read(path);
  if (!text) return std::nullopt;
  const std::string source = place(snapshot, path);
  return pull_request_from_json(parse_json(*text, source), source);
}

std::vector<PullRequestRecord> read_pull_requests(const Snapshot& snapshot) {
  std::vector<PullRequestRecord> pulls;
  for (const std::string& file : snapshot.names(std::string(pull_requests_folder))) {
    std::int64_t number = 0;
    if (std::from_chars(file.data(), file.data() + file.size(), number).ec != std::errc()) continue;
    if (auto pull = read_pull_request(snapshot, number)) pulls.push_back(std::move(*pull));
  }
  std::sort(pulls.begin(), pulls.end(), [](const PullRequestRecord& one, const PullRequestRecord& two) {
    return one.number < two.number;
  });
  return pulls;
}

void write_pull_request(Change& change, const PullRequestRecord& pull) {
  change.write(pull_request_path(pull.number),
               to_json(pull).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::int64_t next_pull_request_number(const Snapshot& snapshot) {
  const auto pulls = read_pull_requests(snapshot);
  return pulls.empty() ? 1 : pulls.back().number + 1;
}

}  // namespace changeling::store
