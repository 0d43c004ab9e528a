#include "store/known_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/history.hpp"
#include "store/records.hpp"

namespace changeling::store {
namespace {

/// Further back a walk costs more than the ids are worth.
constexpr std::size_t most_operations = 60;

void add(std::vector<std::string>& ids, const std::string& id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

void add_from_history(std::vector<std::string>& ids, const Snapshot& snapshot, std::size_t most) {
  HistoryWalk walk(snapshot.repository(), *snapshot.commit());
  for (std::size_t seen = 0; seen < most_operations && ids.size() < most; ++seen) {
    const auto commit = walk.next();
    if (!commit) return;
    const std::string id = operation_of(*commit).run;
    if (!id.empty()) add(ids, id);
  }
}

/// Folder by folder: nobody lists 100,000 runs for a few of them.
void add_from_folders(std::vector<std::string>& ids, const Snapshot& snapshot, std::size_t most) {
  for (const std::string& outer : snapshot.names(std::string(runs_folder))) {
    const std::string folder = fmt::format("{}/{}", runs_folder, outer);
    for (const std::string& inner : snapshot.names(folder)) {
      for (const std::string& file : snapshot.names(fmt::format("{}/{}", folder, inner))) {
        if (ids.size() >= most) return;
        if (const auto id = run_id_of(fmt::format("{}/{}/{}", folder, inner, file))) add(ids, *id);
      }
    }
  }
}

}  // namespace

std::vector<std::string> changeling_names(const Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const std::string& file : snapshot.names(std::string(definitions_folder))) {
    if (auto name = changeling_of(fmt::format("{}/{}", definitions_folder, file)))
      names.push_back(std::move(*name));
  }
  return names;
}

std::vector<std::string> newest_run_ids(const Snapshot& snapshot, std::size_t most) {
  std::vector<std::string> ids;
  if (!snapshot.commit()) return ids;
  add_from_history(ids, snapshot, most);
  add_from_folders(ids, snapshot, most);
  return ids;
}

std::vector<std::int64_t> newest_open_requests(const Snapshot& snapshot, std::size_t most) {
  std::vector<std::int64_t> numbers;
  for (const std::string& path : snapshot.files_below(std::string(pull_requests_folder))) {
    if (const auto number = pull_request_number_of(path)) numbers.push_back(*number);
  }
  std::sort(numbers.rbegin(), numbers.rend());
  numbers.resize(std::min(numbers.size(), most_operations));
  std::vector<std::int64_t> open;
  for (const std::int64_t number : numbers) {
    if (open.size() == most) break;
    read_or_note(pull_request_path(number), nullptr, [&] {
      const auto pull = read_pull_request(snapshot, number);
      if (pull && pull->state == PullRequestState::Open) open.push_back(number);
    });
  }
  return open;
}

}  // namespace changeling::store
