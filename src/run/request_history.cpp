#include "run/request_history.hpp"

#include <fmt/format.h>

#include "project/branch_prefix.hpp"
#include "run/own_pull_requests.hpp"
#include "run/standing_requests.hpp"

namespace changeling::run {

RequestHistory look_at_requests(const project::Services& services, const Observer& observer,
                                const store::RunRecord& run) {
  services.runs.follow();
  for (const store::Damaged& record : services.runs.unreadable()) {
    if (observer.on_message)
      observer.on_message(
          fmt::format("warning: {} cannot be read ({}); everything else works", record.path, record.reason));
  }
  const auto open = candidate_requests(services, run);
  note_request_states(services, run.changeling, open);
  std::vector<std::int64_t> numbers;
  std::vector<std::string> branches;
  for (const forge::PullRequest& pull : open) {
    numbers.push_back(pull.number);
    branches.push_back(pull.branch);
  }
  RequestHistory history;
  history.earlier_runs = services.runs.of_requests(numbers, branches);
  history.own_open = standing_requests(
      services, observer,
      own_pull_requests(open, run, history.earlier_runs, project::branch_prefix(services.repository)));
  return history;
}

}  // namespace changeling::run
