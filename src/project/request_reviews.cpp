#include "project/request_reviews.hpp"

namespace changeling::project {
namespace {

std::vector<store::ReviewRecord> records_of(Project& project, const forge::PullRequest& pull) {
  if (project.forge().kind() != "local") return {};
  store::DamagedRecords damaged;
  auto reviews = store::read_reviews(project.snapshot(), pull.number, &damaged);
  project.damage().note(damaged);
  return reviews;
}

}  // namespace

RequestReviews reviews_of(Project& project, const forge::PullRequest& pull,
                          const std::optional<ComparedCommits>& compared) {
  RequestReviews found;
  found.reviews = records_of(project, pull);
  found.threads = review_threads(project.repository(), found.reviews, compared);
  found.state = review_state(project.repository(), found.reviews, pull.head);
  return found;
}

ReviewState review_state_of(Project& project, const forge::PullRequest& pull) {
  return review_state(project.repository(), records_of(project, pull), pull.head);
}

}  // namespace changeling::project
