#include <fmt/format.h>

#include "forge/github.hpp"
#include "support/json.hpp"

// What checks of continuous integration say. GitHub has two kinds: check runs, which actions and apps make,
// and statuses, which anything with a token may write.
namespace changeling::forge {
namespace {

const GitHubApi::Purpose reading_checks{"read the checks", "Checks: read"};
const GitHubApi::Purpose reading_statuses{"read the commit statuses", "Commit statuses: read"};

CheckState state_of_run(const Json& run) {
  if (json_string(run, "status").value_or("") != "completed") return CheckState::Pending;
  const std::string conclusion = json_string(run, "conclusion").value_or("");
  // What was skipped, or says nothing, holds nobody back on GitHub either.
  const bool passed = conclusion == "success" || conclusion == "neutral" || conclusion == "skipped";
  return passed ? CheckState::Passed : CheckState::Failed;
}

CheckState state_of_status(const Json& status) {
  const std::string state = json_string(status, "state").value_or("");
  if (state == "success") return CheckState::Passed;
  return state == "pending" ? CheckState::Pending : CheckState::Failed;
}

/// The object in the list at `list` whose `key` is `name`; the first one is the newest.
const Json* named(const Json& answer, const char* list, const char* key, const std::string& name) {
  const auto found = answer.find(list);
  if (found == answer.end() || !found->is_array()) return nullptr;
  for (const Json& entry : *found) {
    if (entry.is_object() && json_string(entry, key).value_or("") == name) return &entry;
  }
  return nullptr;
}

}  // namespace

CheckState GitHubForge::check(const std::string& name, const std::string& revision) {
  const std::string commit = fmt::format("/commits/{}", encoded(revision));
  const auto runs = api_.get_if_exists(
      fmt::format("{}/check-runs?check_name={}&filter=latest&per_page=100", commit, encoded(name)),
      reading_checks);
  if (!runs) return CheckState::Missing;
  if (const Json* run = named(*runs, "check_runs", "name", name)) return state_of_run(*run);
  const auto statuses = api_.get_if_exists(fmt::format("{}/status?per_page=100", commit), reading_statuses);
  const Json* status = statuses ? named(*statuses, "statuses", "context", name) : nullptr;
  return status == nullptr ? CheckState::Missing : state_of_status(*status);
}

}  // namespace changeling::forge
