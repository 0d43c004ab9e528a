#include "run/request_states.hpp"

#include "forge/merged_by_hand.hpp"
#include "store/records.hpp"

namespace changeling::run {

RequestStates::RequestStates(project::Project& project) {
  if (!project.store().exists()) return;
  const auto merged =
      forge::notice_merges(project.repository(), project.git(), project.store(), project.clock());
  store::DamagedRecords damaged;
  for (const store::PullRequestRecord& pull : store::read_pull_requests(project.snapshot(), &damaged))
    states_[pull.number] = store::to_string(pull.state);
  for (const forge::PullRequest& pull : merged) states_[pull.number] = pull.state;
}

void RequestStates::fill(store::RunRecord& run) const {
  if (!run.pull_request || !run.pull_request->url.starts_with("local:")) return;
  const auto found = states_.find(run.pull_request->number);
  if (found != states_.end()) run.pull_request->state = found->second;
}

void RequestStates::fill(std::vector<store::RunRecord>& runs) const {
  for (store::RunRecord& run : runs) fill(run);
}

}  // namespace changeling::run
