#include "git/shallow_history.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <queue>

#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::git {

ShallowHistory::ShallowHistory(git_repository* repository) : repository_(repository) {
  const std::filesystem::path common(git_repository_commondir(repository));
  for (const std::string& line : split_lines(read_file_if_exists(common / "shallow").value_or(""))) {
    if (!line.empty()) boundary_.insert(ObjectId::from_hex(line));
  }
}

CommitHandle ShallowHistory::lookup(const ObjectId& commit) const {
  const git_oid oid = to_oid(commit);
  CommitHandle handle;
  check(git_commit_lookup(out(handle), repository_, &oid), "read commit " + commit.short_hex());
  return handle;
}

std::vector<ObjectId> ShallowHistory::parents(const ObjectId& commit) const {
  std::vector<ObjectId> found;
  if (boundary_.contains(commit)) return found;
  const CommitHandle handle = lookup(commit);
  for (unsigned index = 0; index < git_commit_parentcount(handle.get()); ++index)
    found.push_back(from_oid(*git_commit_parent_id(handle.get(), index)));
  return found;
}

git_time_t ShallowHistory::time(const ObjectId& commit) const {
  return git_commit_time(lookup(commit).get());
}

std::set<ObjectId> ShallowHistory::reachable(const ObjectId& tip) const {
  std::set<ObjectId> seen{tip};
  std::vector<ObjectId> waiting{tip};
  while (!waiting.empty()) {
    const ObjectId commit = waiting.back();
    waiting.pop_back();
    for (const ObjectId& parent : parents(commit)) {
      if (seen.insert(parent).second) waiting.push_back(parent);
    }
  }
  return seen;
}

bool ShallowHistory::is_ancestor(const ObjectId& ancestor, const ObjectId& descendant) const {
  return reachable(descendant).contains(ancestor);
}

std::optional<ObjectId> ShallowHistory::merge_base(const ObjectId& one, const ObjectId& two) const {
  const std::set<ObjectId> first = reachable(one);
  const std::set<ObjectId> second = reachable(two);
  std::set<ObjectId> common;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::inserter(common, common.end()));
  // What is the parent of a common one is no best one.
  std::set<ObjectId> best = common;
  for (const ObjectId& commit : common) {
    for (const ObjectId& parent : parents(commit)) best.erase(parent);
  }
  if (best.empty()) return std::nullopt;
  return *std::max_element(best.begin(), best.end(), [&](const ObjectId& older, const ObjectId& newer) {
    return time(older) < time(newer);
  });
}

std::vector<ObjectId> ShallowHistory::from(const ObjectId& tip) const {
  std::map<ObjectId, int> children_left;
  for (const ObjectId& commit : reachable(tip)) {
    for (const ObjectId& parent : parents(commit)) ++children_left[parent];
  }
  std::priority_queue<std::pair<git_time_t, ObjectId>> ready;
  ready.emplace(time(tip), tip);
  std::vector<ObjectId> commits;
  while (!ready.empty()) {
    const ObjectId commit = ready.top().second;
    ready.pop();
    commits.push_back(commit);
    for (const ObjectId& parent : parents(commit)) {
      if (--children_left[parent] == 0) ready.emplace(time(parent), parent);
    }
  }
  return commits;
}

}  // namespace changeling::git
