#include "server/api/pull_requests.hpp"

#include <fmt/format.h>

#include "forge/missing_commits.hpp"
#include "git/partial_clone.hpp"
#include "project/request_reviews.hpp"
#include "project/review.hpp"
#include "server/api/handlers.hpp"
#include "store/records.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/pull_request.hpp"
#include "view/review.hpp"

namespace changeling::server::api {
namespace {

constexpr std::size_t most_closed = 50;
/// A longer difference is left out; the list of files tells its size.
constexpr std::size_t longest_difference = std::size_t{4} << 20U;

Json files_between(const git::Repository& repository, const git::ObjectId& from, const git::ObjectId& to) {
  Json files = Json::array();
  for (const git::FileChange& change : repository.changes(from, to))
    files.push_back(
        {{"path", change.path}, {"added", change.added_lines}, {"deleted", change.deleted_lines}});
  return files;
}

void add_changes(project::Project& project, const forge::PullRequest& pull, Json& json) {
  const project::RequestChanges changes = project::changes_of(project, pull);
  if (changes.head.kind == forge::RequestHead::Kind::WithCommits) json["head"] = changes.head.commit->hex();
  if (!changes.commits) return;
  const auto& [from, to] = *changes.commits;
  git::fetch_differing_files(project.repository(), project.git(), from, to);
  json["files"] = files_between(project.repository(), from, to);
  std::string difference = valid_utf8(project.repository().diff_text(from, to));
  if (difference.size() <= longest_difference) json["diff"] = std::move(difference);
}

Json details(project::Project& project, const forge::PullRequest& pull) {
  Json json = view::to_json(pull);
  json["body"] = pull.body;
  const auto record = store::read_pull_request(project.snapshot(), pull.number);
  if (record && record->state == store::PullRequestState::Closed) json["close_reason"] = record->close_reason;
  add_changes(project, pull, json);
  return json;
}

}  // namespace

std::int64_t number_of_request(const Call& call) {
  const std::string& word = call.at("number");
  const bool is_number = word.size() <= 15 && word.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number)
    throw Refusal(404, ErrorKind::NotFound, fmt::format("there is no pull request {}", shortened(word)));
  return std::stoll(word);
}

namespace handlers {

Reply list_pull_requests(Call& call) {
  call.project.require_state();
  const bool all = call.text("state") == "all";
  Json list = Json::array();
  for (const auto& pull :
       project::list_requests(call.project, all ? std::optional(most_closed) : std::nullopt)) {
    list.push_back(view::to_json(pull));
    view::add_review_state(list.back(), project::review_state_of(call.project, pull));
  }
  return {{{"pull_requests", std::move(list)}, {"damaged", view::to_json(call.project.damage())}}};
}

Reply get_pull_request(Call& call) {
  const forge::PullRequest pull = project::current_request(call.project, number_of_request(call));
  std::string record = record_at(call.project, store::pull_request_path(pull.number));
  return {details(call.project, pull), std::move(record)};
}

Reply accept_pull_request(Call& call) {
  const forge::PullRequest pull = project::find_request(call.project, number_of_request(call));
  // The base branch moves first; then it must be recorded.
  expect_file_now(call, store::pull_request_path(pull.number));
  const forge::AcceptPlace place = project::accept_place(call.project, pull, call.given("head"));
  const forge::Acceptance acceptance = forge::accept_pull_request(place, pull.number);
  std::string record = record_at(call.project, store::pull_request_path(pull.number));
  Json json = view::to_json(project::find_request(call.project, pull.number));
  json["merge_commit"] = acceptance.pull.merge_commit;
  return {std::move(json), std::move(record)};
}

Reply reject_pull_request(Call& call) {
  const forge::PullRequest pull = project::find_request(call.project, number_of_request(call));
  expect_file(call, store::pull_request_path(pull.number));
  project::require_rejectable(call.project, pull);
  call.project.forge().close(pull.number, call.given("reason"));
  std::string record = record_at(call.project, store::pull_request_path(pull.number));
  return {view::to_json(project::find_request(call.project, pull.number)), std::move(record)};
}

}  // namespace handlers
}  // namespace changeling::server::api
