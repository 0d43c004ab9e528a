#include "store/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "changeling/name.hpp"
#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "store/request_number.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

/// A change of one writes the whole tree that it lies in.
constexpr std::int64_t pull_requests_in_a_folder = 1000;
constexpr std::string_view definition_suffix = ".toml";
/// What run_path() can spread over folders.
constexpr std::size_t shortest_run_id = 5;

constexpr std::string_view record_suffix = ".json";

/// The reason of a failure stands alone.
std::optional<RunRecord> load_run(const Snapshot& snapshot, const std::string& path, std::string_view id) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(parse_run(*text, id, path)) : std::nullopt;
}

std::optional<PullRequestRecord> load_pull_request(const Snapshot& snapshot, const std::string& path,
                                                   std::int64_t number) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(parse_pull_request(*text, number, path)) : std::nullopt;
}

/// What agents say need not be UTF-8.
std::string text_of(const RunRecord& run) {
  return to_json(run).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void shorten(RunRecord& run, std::size_t limit) {
  for (VerificationResult& result : run.verification) {
    result.output = last_part(result.output, limit);
    result.command = last_part(result.command, limit);
  }
  for (std::string* text : {&run.error, &run.summary, &run.target}) *text = last_part(*text, 4 * limit);
  if (run.moved_refs.size() > limit) run.moved_refs.resize(limit);
  if (run.refused.size() > limit) run.refused.resize(limit);
}

std::optional<Layer> load_definition(const Snapshot& snapshot, const std::string& path) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(parse_definition(*text, path, "state")) : std::nullopt;
}

}  // namespace

std::string definition_path(std::string_view changeling) {
  return fmt::format("{}/{}{}", definitions_folder, changeling, definition_suffix);
}

std::string run_path(std::string_view run_id) {
  return fmt::format("{}/{}/{}/{}.json", runs_folder, run_id.substr(0, 2), run_id.substr(2, 2), run_id);
}

std::string pull_request_path(std::int64_t number) {
  const std::int64_t folder = number / pull_requests_in_a_folder;
  if (folder == 0) return fmt::format("{}/{}.json", pull_requests_folder, number);
  return fmt::format("{}/{}/{}.json", pull_requests_folder, folder, number);
}

std::optional<std::string> run_id_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || !path.ends_with(record_suffix)) return std::nullopt;
  std::string id(path.substr(slash + 1, path.size() - slash - 1 - record_suffix.size()));
  if (id.size() < shortest_run_id || run_path(id) != path) return std::nullopt;
  return id;
}

std::optional<std::int64_t> pull_request_number_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || !path.ends_with(record_suffix)) return std::nullopt;
  const std::string_view digits = path.substr(slash + 1, path.size() - slash - 1 - record_suffix.size());
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_one = number > 0 && number <= most_number && pull_request_path(number) == path;
  return is_one ? std::optional(number) : std::nullopt;
}

std::optional<std::string> changeling_of(std::string_view path) {
  const std::string folder = fmt::format("{}/", definitions_folder);
  if (!path.starts_with(folder) || !path.ends_with(definition_suffix)) return std::nullopt;
  std::string name(path.substr(folder.size(), path.size() - folder.size() - definition_suffix.size()));
  if (name.empty() || changeling_name_problem(name)) return std::nullopt;
  return name;
}

std::optional<Layer> read_definition(const Snapshot& snapshot, const std::string& name) {
  const std::string path = definition_path(name);
  std::optional<Layer> layer;
  read_or_explain(snapshot, path, [&] { layer = load_definition(snapshot, path); });
  return layer;
}

std::map<std::string, Layer> read_definitions(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::map<std::string, Layer> layers;
  read_each(snapshot, definition_kind, damaged, [&](const std::string& path, const std::string& name) {
    layers.emplace(name, load_definition(snapshot, path).value());
  });
  return layers;
}

void write_definition(Change& change, const std::string& name, const Layer& layer) {
  change.write(definition_path(name), changeling::write_definition(layer));
}

std::vector<RunRecord> read_runs(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::vector<RunRecord> runs;
  read_each(snapshot, run_kind, damaged, [&](const std::string& path, const std::string& id) {
    runs.push_back(load_run(snapshot, path, id).value());
  });
  std::sort(runs.begin(), runs.end(), [](const RunRecord& one, const RunRecord& two) {
    return std::tie(two.started_at, two.id) < std::tie(one.started_at, one.id);
  });
  return runs;
}

std::optional<RunRecord> read_run(const Snapshot& snapshot, std::string_view id) {
  if (id.size() < shortest_run_id) return std::nullopt;
  const std::string path = run_path(id);
  std::optional<RunRecord> run;
  read_or_explain(snapshot, path, [&] { run = load_run(snapshot, path, id); });
  return run;
}

void write_run(Change& change, const RunRecord& run) {
  std::string text = text_of(run);
  // The record must be written whatever agents and checks said.
  RunRecord shorter = run;
  for (const std::size_t limit : {std::size_t{16'384}, std::size_t{1'024}, std::size_t{64}}) {
    if (text.size() < most_record_bytes) break;
    shorten(shorter, limit);
    text = text_of(shorter);
  }
  change.write(run_path(run.id), std::move(text));
}

std::optional<PullRequestRecord> read_pull_request(const Snapshot& snapshot, std::int64_t number) {
  const std::string path = pull_request_path(number);
  std::optional<PullRequestRecord> pull;
  read_or_explain(snapshot, path, [&] { pull = load_pull_request(snapshot, path, number); });
  return pull;
}

std::vector<PullRequestRecord> read_pull_requests(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::vector<PullRequestRecord> pulls;
  read_each(snapshot, pull_request_kind, damaged, [&](const std::string& path, const std::string&) {
    pulls.push_back(load_pull_request(snapshot, path, *pull_request_number_of(path)).value());
  });
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
  std::int64_t highest = 0;
  std::int64_t count = 0;
  for (const std::string& path : snapshot.files_below(std::string(pull_requests_folder))) {
    highest = std::max(highest, pull_request_number_of(path).value_or(0));
    ++count;
  }
  return number_after(highest, count);
}

}  // namespace changeling::store
