#include <algorithm>
#include <set>
#include <unordered_map>

#include "queue/rules.hpp"

namespace changeling::queue {
namespace {

/// A task on the path being followed, and how many of its blockers have been looked at.
struct Step {
  std::string id;
  std::vector<std::string> blockers;
  std::size_t next = 0;
};

std::vector<std::string> ids_of(const std::vector<Step>& path, std::size_t first) {
  std::vector<std::string> ids;
  for (std::size_t index = first; index < path.size(); ++index) ids.push_back(path[index].id);
  return ids;
}

}  // namespace

std::optional<std::vector<std::string>> find_cycle(
    const std::string& task, const std::string& blocker,
    const std::function<std::vector<std::string>(const std::string&)>& blockers_of) {
  std::vector<Step> path{{task, {blocker}}};
  std::set<std::string> seen;
  while (!path.empty()) {
    Step& step = path.back();
    if (step.next == step.blockers.size()) {
      path.pop_back();
      continue;
    }
    const std::string id = step.blockers[step.next++];
    if (id == task) {
      auto cycle = ids_of(path, 0);
      cycle.push_back(task);
      return cycle;
    }
    if (seen.insert(id).second) path.push_back({id, blockers_of(id)});
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> find_any_cycle(
    const std::vector<std::string>& starts,
    const std::function<std::vector<std::string>(const std::string&)>& blockers_of) {
  enum class Mark { OnPath, Finished };
  std::unordered_map<std::string, Mark> marks;
  for (const std::string& start : starts) {
    if (marks.contains(start)) continue;
    std::vector<Step> path{{start, blockers_of(start)}};
    marks[start] = Mark::OnPath;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == step.blockers.size()) {
        marks[step.id] = Mark::Finished;
        path.pop_back();
        continue;
      }
      const std::string id = step.blockers[step.next++];
      const auto mark = marks.find(id);
      if (mark == marks.end()) {
        marks[id] = Mark::OnPath;
        path.push_back({id, blockers_of(id)});
      } else if (mark->second == Mark::OnPath) {
        const auto first =
            std::find_if(path.begin(), path.end(), [&](const Step& on) { return on.id == id; });
        auto cycle = ids_of(path, static_cast<std::size_t>(first - path.begin()));
        cycle.push_back(id);
        return cycle;
      }
    }
  }
  return std::nullopt;
}

}  // namespace changeling::queue
