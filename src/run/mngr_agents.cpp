#include "run/mngr_agents.hpp"

#include <algorithm>

#include "run/mngr_program.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr auto fresh = std::chrono::seconds(10);
constexpr auto too_old = std::chrono::hours(1);
/// After that whoever was asking is taken for dead.
constexpr auto answer_limit = std::chrono::minutes(2);

/// Leaves at once; what it leaves behind puts the answer in place of the last one in one step.
constexpr const char* ask =
    "(mngr list --format json --on-error continue --headless >\"$1.new\" && mv \"$1.new\" \"$1\"; "
    "rm -f \"$1.new\" \"$1.asking\") </dev/null >/dev/null 2>&1 &";

std::optional<fs::file_time_type::duration> age_of(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  if (error) return std::nullopt;
  return fs::file_time_type::clock::now() - time;
}

std::vector<MngrAgent> read_answer(const std::string& text) {
  std::vector<MngrAgent> agents;
  const Json answer = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto list = answer.is_object() ? answer.find("agents") : answer.end();
  if (list == answer.end() || !list->is_array()) return agents;
  for (const Json& entry : *list) {
    if (!entry.is_object()) continue;
    const auto labels = entry.find("labels");
    if (labels == entry.end() || !labels->is_object()) continue;
    const auto changeling = json_string(*labels, "changeling");
    if (!changeling) continue;
    agents.push_back({json_string(entry, "name").value_or(""),
                      json_string(entry, "state").value_or("UNKNOWN"), *changeling,
                      json_string(*labels, mngr_run_label).value_or("")});
  }
  std::sort(agents.begin(), agents.end(),
            [](const MngrAgent& one, const MngrAgent& two) { return one.name < two.name; });
  return agents;
}

void ask_in_background(ProcessRunner& processes, const Environment& environment, const fs::path& file) {
  const fs::path asking = file.string() + ".asking";
  if (const auto age = age_of(asking); age && *age < answer_limit) return;
  if (!find_program("mngr", environment)) return;
  try {
    write_file(asking, "");
    Command command;
    command.arguments = {"/bin/sh", "-c", ask, "sh", file.string()};
    command.environment = environment;
    processes.run(command);
  } catch (const Error&) {
    // A medium that may not be written to, for example.
  }
}

}  // namespace

KnownMngrAgents known_mngr_agents(ProcessRunner& processes, const Environment& environment,
                                  const fs::path& file) {
  KnownMngrAgents known;
  const auto age = age_of(file);
  if (!age || *age > fresh) ask_in_background(processes, environment, file);
  if (!age || *age > too_old) return known;
  try {
    known.agents = read_answer(read_file_if_exists(file).value_or(""));
  } catch (const Error&) {
    return known;  // Something else than the answer of any mngr that we know.
  }
  known.asked_at = fs::file_time_type::clock::now() - *age;
  return known;
}

}  // namespace changeling::run
