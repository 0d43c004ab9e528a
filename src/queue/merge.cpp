#include "queue/merge.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "queue/task_json.hpp"

namespace changeling::queue {
namespace {

/// Both sides of one merge, and which of them wrote later.
struct Sides {
  const Task* base;  ///< Null when each side made the task.
  const Task& ours;
  const Task& published;
  bool ours_is_later;

  template <typename Field>
  Field pick(Field Task::*field) const {
    const Field& our_value = ours.*field;
    const Field& published_value = published.*field;
    if (our_value == published_value) return our_value;
    if (base && base->*field == our_value) return published_value;
    if (base && base->*field == published_value) return our_value;
    return ours_is_later ? our_value : published_value;
  }

  template <typename Field>
  Field base_value(Field Task::*field) const {
    return base ? base->*field : Field{};
  }
};

bool wrote_later(const Task& ours, const Task& published) {
  if (ours.updated_at != published.updated_at) return ours.updated_at > published.updated_at;
  return to_json(ours).dump() > to_json(published).dump();
}

std::vector<std::string> merge_sets(const std::vector<std::string>& base,
                                    const std::vector<std::string>& ours,
                                    const std::vector<std::string>& published) {
  const auto has = [](const std::vector<std::string>& set, const std::string& word) {
    return std::find(set.begin(), set.end(), word) != set.end();
  };
  std::vector<std::string> merged;
  for (const auto* side : {&ours, &published}) {
    for (const std::string& word : *side) {
      const bool stays = !has(base, word) || (has(ours, word) && has(published, word));
      if (stays && !has(merged, word)) merged.push_back(word);
    }
  }
  std::sort(merged.begin(), merged.end());
  return merged;
}

auto key_of(const Artifact& artifact) {
  return std::tie(artifact.created_at, artifact.kind, artifact.path, artifact.description);
}

auto key_of(const Attempt& attempt) {
  return std::tie(attempt.ended_at, attempt.run, attempt.owner, attempt.outcome, attempt.error);
}

/// What either side added stays, what either side took away goes; by age.
template <typename Entry>
std::vector<Entry> merge_entries(const std::vector<Entry>& base, const std::vector<Entry>& ours,
                                 const std::vector<Entry>& published) {
  const auto has = [](const std::vector<Entry>& list, const Entry& entry) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Entry& other) { return key_of(other) == key_of(entry); });
  };
  std::vector<Entry> merged;
  for (const auto* side : {&ours, &published}) {
    for (const Entry& entry : *side) {
      const bool stays = !has(base, entry) || (has(ours, entry) && has(published, entry));
      if (stays && !has(merged, entry)) merged.push_back(entry);
    }
  }
  std::sort(merged.begin(), merged.end(),
            [](const Entry& one, const Entry& two) { return key_of(one) < key_of(two); });
  return merged;
}

/// As merge_entries; a gate that either side has opened is open.
std::vector<Gate> merge_gates(const std::vector<Gate>& base, const std::vector<Gate>& ours,
                              const std::vector<Gate>& published) {
  const auto find = [](const std::vector<Gate>& list, const Gate& gate) {
    return std::find_if(list.begin(), list.end(), [&](const Gate& other) { return other.same_as(gate); });
  };
  const auto has = [&](const std::vector<Gate>& list, const Gate& gate) {
    return find(list, gate) != list.end();
  };
  std::vector<Gate> merged;
  for (const auto* side : {&published, &ours}) {
    for (const Gate& gate : *side) {
      if (has(base, gate) && !(has(ours, gate) && has(published, gate))) continue;
      const auto known = find(merged, gate);
      if (known == merged.end()) {
        merged.push_back(gate);
      } else if (known->opened_by.empty()) {
        merged[static_cast<std::size_t>(known - merged.cbegin())] = gate;
      }
    }
  }
  std::sort(merged.begin(), merged.end(),
            [](const Gate& one, const Gate& two) { return to_string(one) < to_string(two); });
  return merged;
}

/// The part of a task that only makes sense as a whole.
auto state_of(const Task& task) {
  const auto lease = task.lease
                         ? std::make_tuple(task.lease->owner, task.lease->token, task.lease->expires_at)
                         : std::make_tuple(std::string(), std::int64_t{0}, Timestamp{});
  return std::make_tuple(task.status, lease, task.blocked_reason, task.assignee_agent, task.assignee_run);
}

const Task& winner_of_state(const Sides& sides) {
  const Task& ours = sides.ours;
  const Task& published = sides.published;
  const auto our_state = state_of(ours);
  const auto published_state = state_of(published);
  if (our_state == published_state) return published;
  if (sides.base && state_of(*sides.base) == our_state) return published;
  if (sides.base && state_of(*sides.base) == published_state) return ours;
  const std::int64_t known_token = sides.base ? sides.base->last_token : 0;
  if (published.last_token > known_token) return published;
  if (published.status == TaskStatus::Done) return published;
  if (ours.status == TaskStatus::Done) return ours;
  if (ours.status == TaskStatus::InFlight) return published;
  return sides.ours_is_later ? ours : published;
}

void take_state(Task& merged, const Task& from) {
  merged.status = from.status;
  merged.lease = from.lease;
  merged.blocked_reason = from.blocked_reason;
  merged.assignee_agent = from.assignee_agent;
  merged.assignee_run = from.assignee_run;
}

}  // namespace

Task merge_tasks(const std::optional<Task>& base, const Task& ours, const Task& published) {
  const Sides sides{base ? &*base : nullptr, ours, published, wrote_later(ours, published)};
  Task merged = sides.ours_is_later ? ours : published;
  merged.title = sides.pick(&Task::title);
  merged.description = sides.pick(&Task::description);
  merged.acceptance = sides.pick(&Task::acceptance);
  merged.priority = sides.pick(&Task::priority);
  merged.complexity = sides.pick(&Task::complexity);
  merged.role = sides.pick(&Task::role);
  merged.source = sides.pick(&Task::source);
  merged.labels = merge_sets(sides.base_value(&Task::labels), ours.labels, published.labels);
  merged.blocked_by = merge_sets(sides.base_value(&Task::blocked_by), ours.blocked_by, published.blocked_by);
  merged.parent = sides.pick(&Task::parent);
  merged.discovered_from = sides.pick(&Task::discovered_from);
  merged.gates = merge_gates(sides.base_value(&Task::gates), ours.gates, published.gates);
  merged.artifacts = merge_entries(sides.base_value(&Task::artifacts), ours.artifacts, published.artifacts);
  merged.attempts = merge_entries(sides.base_value(&Task::attempts), ours.attempts, published.attempts);
  merged.forgiven_attempts = std::min(std::max(ours.forgiven_attempts, published.forgiven_attempts),
                                      static_cast<std::int64_t>(merged.attempts.size()));
  take_state(merged, winner_of_state(sides));
  merged.last_token = std::max(ours.last_token, published.last_token);
  return merged;
}

}  // namespace changeling::queue
