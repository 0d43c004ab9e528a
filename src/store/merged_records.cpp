#include "store/merged_records.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "queue/rules.hpp"
#include "store/record_kinds.hpp"
#include "store/records.hpp"
#include "store/request_number.hpp"
#include "store/review_record.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

/// Nothing when there is no such task or its record is damaged.
std::optional<queue::Task> task_at(const MergedRecords& records, const std::string& path) {
  const auto id = task_id_of(path);
  const auto text = id ? records.read(path) : std::nullopt;
  if (!text) return std::nullopt;
  try {
    return parse_task(*text, *id, path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Nothing when its record is damaged.
std::optional<RunRecord> run_at(const MergedRecords& records, const std::string& path) {
  try {
    return run_from_json(parse_json(records.read(path).value_or(""), path), path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::string> published_blockers(const MergedRecords& records, const std::string& id) {
  const MergedRecords published(records.repository(), records.published());
  const auto task = task_at(published, task_path(id));
  return task ? task->blocked_by : std::vector<std::string>{};
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Removes the first link of the circle that the published side does not have. There is one: the published
/// records have no circle.
bool remove_own_link(MergedRecords& records, const std::vector<std::string>& circle,
                     std::vector<std::string>& warnings) {
  for (std::size_t place = 0; place + 1 < circle.size(); ++place) {
    const std::string& id = circle[place];
    const std::string& blocker = circle[place + 1];
    if (contains(published_blockers(records, id), blocker)) continue;
    auto task = task_at(records, task_path(id));
    if (!task) continue;
    std::erase(task->blocked_by, blocker);
    records.write(task_path(id), task_text(*task));
    warnings.push_back(fmt::format(
        "task {} no longer waits for {}: with what others changed that was a circle", id, blocker));
    return true;
  }
  return false;
}

/// What our side has said of a request goes with it. The other side's reviews of the number are not edits.
void move_reviews(MergedRecords& records, const std::map<std::int64_t, std::int64_t>& renumbered) {
  const auto edits = records.edits();
  for (const auto& [path, blob] : edits) {
    const auto place = review_at(path);
    const auto entry = place ? renumbered.find(place->request) : renumbered.end();
    if (entry == renumbered.end() || !blob) continue;
    try {
      ReviewRecord review = review_from_json(parse_json(records.repository().read_blob(*blob), path), path);
      review.request = entry->second;
      records.write(review_path(review.request, review.id), review_text(review));
      records.set(path, std::nullopt);
    } catch (const Error&) {
      // A damaged one stays where it is, as all of them.
    }
  }
}

}  // namespace

std::optional<std::string> MergedRecords::read(const std::string& path) const {
  const auto edit = edits_.find(path);
  if (edit == edits_.end()) return repository_.read_file(published_, path);
  return edit->second ? std::optional(repository_.read_blob(*edit->second)) : std::nullopt;
}

bool MergedRecords::contains(const std::string& path) const {
  const auto edit = edits_.find(path);
  if (edit != edits_.end()) return edit->second.has_value();
  return repository_.entry_kind(published_, path).has_value();
}

void MergedRecords::set(const std::string& path, const std::optional<git::ObjectId>& blob) {
  edits_.insert_or_assign(path, blob);
}

void MergedRecords::write(const std::string& path, const std::string& content) {
  set(path, repository_.write_blob(content));
}

void break_cycles(MergedRecords& records, std::vector<std::string>& warnings) {
  std::map<std::string, std::vector<std::string>> known;
  const auto blockers_of = [&](const std::string& id) {
    const auto [entry, is_new] = known.try_emplace(id);
    if (is_new) {
      if (const auto task = task_at(records, task_path(id))) entry->second = task->blocked_by;
    }
    return entry->second;
  };
  std::vector<std::string> starts;
  for (const auto& [path, blob] : records.edits()) {
    const auto id = task_id_of(path);
    if (id && blob && !blockers_of(*id).empty()) starts.push_back(*id);
  }
  while (const auto circle = queue::find_any_cycle(starts, blockers_of)) {
    if (!remove_own_link(records, *circle, warnings)) return;
    known.clear();
  }
}

void drop_missing_links(MergedRecords& records, const std::optional<git::ObjectId>& base,
                        const std::set<std::string>& published_changes) {
  const auto missing = [&](const std::string& id) { return !records.contains(task_path(id)); };
  // What a task belongs to or came from may have been archived long ago, and is worth knowing then.
  const auto removed = [&](const std::string& id) {
    return !id.empty() && missing(id) && base && records.repository().entry_kind(*base, task_path(id));
  };

  std::set<std::string> suspects = published_changes;
  for (const auto& [path, blob] : records.edits()) {
    if (blob) suspects.insert(path);
  }
  for (const std::string& path : suspects) {
    auto task = task_at(records, path);
    if (!task) continue;
    bool changed = std::erase_if(task->blocked_by, missing) > 0;
    for (std::string* link : {&task->parent, &task->discovered_from}) {
      if (!removed(*link)) continue;
      link->clear();
      changed = true;
    }
    if (changed) records.write(path, task_text(*task));
  }
}

void renumber_pull_requests(MergedRecords& records, const std::map<std::string, std::string>& ours,
                            std::vector<std::string>& warnings) {
  if (ours.empty()) return;
  std::int64_t highest = 0;
  std::int64_t count = 0;
  const auto raise = [&](const std::string& path) {
    highest = std::max(highest, pull_request_number_of(path).value_or(0));
    ++count;
  };
  records.repository().compare_trees(std::nullopt, records.published(), std::string(pull_requests_folder),
                                     [&](const git::BlobChange& change) { raise(change.path); });
  for (const auto& [path, blob] : records.edits()) {
    if (record_kind_at(path) == &pull_request_kind) raise(path);
  }
  std::int64_t next = number_after(highest, count);
  std::map<std::int64_t, std::int64_t> renumbered;
  for (const auto& [path, text] : ours) {
    while (records.contains(pull_request_path(next))) ++next;
    PullRequestRecord pull = pull_request_from_json(parse_json(text, path), path);
    warnings.push_back(
        fmt::format("pull request {} of {} is now number {}: another machine had used the number",
                    pull.number, pull.changeling, next));
    renumbered[pull.number] = next;
    pull.number = next++;
    records.write(pull_request_path(pull.number), to_json(pull).dump(1) + "\n");
  }
  move_reviews(records, renumbered);
  const auto edits = records.edits();
  for (const auto& [path, blob] : edits) {
    if (record_kind_at(path) != &run_kind || !blob) continue;
    auto run = run_at(records, path);
    if (!run || !run->pull_request || !run->pull_request->url.starts_with("local:")) continue;
    const auto entry = renumbered.find(run->pull_request->number);
    if (entry == renumbered.end()) continue;
    run->pull_request->number = entry->second;
    run->pull_request->url = fmt::format("local:{}", entry->second);
    records.write(path, to_json(*run).dump(1) + "\n");
  }
}

}  // namespace changeling::store
