#include "view/machines.hpp"

#include <algorithm>
#include <map>

#include "project/host_name.hpp"
#include "project/local_runs.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::view {
namespace {

constexpr std::size_t most_runs = 1000;

struct Machine {
  Timestamp last_seen{};
  Json runs = Json::array();
  Json tasks = Json::array();
};
using Machines = std::map<std::string, Machine>;

Machine& seen(Machines& machines, const std::string& host, Timestamp when) {
  Machine& machine = machines[host];
  machine.last_seen = std::max(machine.last_seen, when);
  return machine;
}

void note_runs(project::Project& project, Timestamp now, Machines& machines) {
  store::RunQuery query;
  query.limit = most_runs;
  for (const store::RunRecord& run : project.current_runs().page(query)) {
    if (run.host.empty()) continue;
    Machine& machine = seen(machines, run.host, run.ended_at.value_or(run.started_at));
    if (run.status != store::RunStatus::Running || project::is_lost(project.places(), run, now)) continue;
    machine.runs.push_back({{"id", run.id}, {"changeling", run.changeling}, {"task", run.task}});
  }
}

/// Owners are called USER@HOST unless somebody has chosen another name, which says nothing of the machine.
void note_lease(const Json& task, Machines& machines) {
  const auto lease = task.find("lease");
  if (lease == task.end() || !lease->is_object()) return;
  const std::string owner = json_string(*lease, "owner").value_or("");
  const auto at = owner.rfind('@');
  if (at == std::string::npos || at + 1 == owner.size()) return;
  const Timestamp when = parse_timestamp(json_string(task, "updated_at").value_or(""));
  seen(machines, owner.substr(at + 1), when)
      .tasks.push_back({{"id", json_string(task, "id").value_or("")},
                        {"title", json_string(task, "title").value_or("")},
                        {"owner", owner}});
}

void note_leases(project::Project& project, Machines& machines) {
  store::TaskQuery query;
  query.statuses = {queue::TaskStatus::InFlight};
  query.limit = most_runs;
  for (const std::string& record : project.tasks().current_index().records(query)) {
    const Json task = Json::parse(record, nullptr, false);
    try {
      if (task.is_object()) note_lease(task, machines);
    } catch (const Error&) {
      // A time that is none: nothing can be told of that lease.
    }
  }
}

}  // namespace

Json machines_json(project::Project& project) {
  const Timestamp now = project.clock().now();
  const std::string here = project::host_name();
  Machines machines;
  seen(machines, here, now);
  note_runs(project, now, machines);
  note_leases(project, machines);
  Json list = Json::array();
  for (const auto& [host, machine] : machines) {
    list.push_back({{"host", host},
                    {"here", host == here},
                    {"last_seen", format_timestamp(machine.last_seen)},
                    {"runs", machine.runs},
                    {"tasks", machine.tasks}});
  }
  return list;
}

}  // namespace changeling::view
