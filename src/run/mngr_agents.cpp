#include "run/mngr_agents.hpp"

#include <algorithm>

#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

constexpr auto answer_limit = std::chrono::seconds(5);

}  // namespace

std::vector<MngrAgent> list_mngr_agents(ProcessRunner& processes, const Environment& environment) {
  std::vector<MngrAgent> agents;
  if (!find_program("mngr", environment)) return agents;
  Command command;
  command.arguments = {"mngr", "list", "--format", "json", "--on-error", "continue"};
  command.environment = environment;
  const ProcessResult result = processes.run(command, answer_limit);
  if (!result.status.success() || result.timed_out) return agents;
  try {
    const Json answer = parse_json(result.output, "mngr list");
    const auto list = answer.is_object() ? answer.find("agents") : answer.end();
    if (list == answer.end() || !list->is_array()) return {};
    for (const Json& entry : *list) {
      const auto labels = entry.find("labels");
      if (labels == entry.end() || !labels->is_object()) continue;
      const auto changeling = json_string(*labels, "changeling");
      if (!changeling) continue;
      agents.push_back({json_string(entry, "name").value_or(""),
                        json_string(entry, "state").value_or("UNKNOWN"), *changeling,
                        json_string(*labels, "changeling-run").value_or("")});
    }
  } catch (const Error&) {
    return {};
  }
  std::sort(agents.begin(), agents.end(),
            [](const MngrAgent& one, const MngrAgent& two) { return one.name < two.name; });
  return agents;
}

}  // namespace changeling::run
