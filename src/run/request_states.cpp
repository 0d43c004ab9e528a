#include "run/request_states.hpp"

#include <map>

#include "forge/local.hpp"
#include "forge/merged_by_hand.hpp"

namespace changeling::run {
namespace {

bool is_local(const store::RunRecord& run) {
  return run.pull_request && run.pull_request->url.starts_with("local:");
}

/// By number, of those that the runs name.
std::map<std::int64_t, std::string> states_now(project::Project& project,
                                               const std::vector<std::int64_t>& numbers) {
  store::PullRequestIndex& index = project.current_requests();
  forge::LocalForge forge(project.store(), index, project.clock());
  std::map<std::int64_t, std::string> states;
  std::vector<forge::PullRequest> open;
  for (const auto& [number, state] : index.states(numbers)) {
    states[number] = store::to_string(state);
    if (state != store::PullRequestState::Open) continue;
    if (auto pull = forge.find(number)) open.push_back(*std::move(pull));
  }
  for (const auto& pull : forge::notice_merges(project.repository(), project.git(), forge, std::move(open)))
    states[pull.number] = pull.state;
  return states;
}

}  // namespace

void fill_request_states(project::Project& project, std::vector<store::RunRecord>& runs) {
  if (!project.store().exists()) return;
  std::vector<std::int64_t> numbers;
  for (const store::RunRecord& run : runs) {
    if (is_local(run)) numbers.push_back(run.pull_request->number);
  }
  if (numbers.empty()) return;
  const auto states = states_now(project, numbers);
  for (store::RunRecord& run : runs) {
    const auto found = is_local(run) ? states.find(run.pull_request->number) : states.end();
    if (found != states.end()) run.pull_request->state = found->second;
  }
}

void fill_request_state(project::Project& project, store::RunRecord& run) {
  std::vector<store::RunRecord> one{std::move(run)};
  fill_request_states(project, one);
  run = std::move(one.front());
}

}  // namespace changeling::run
