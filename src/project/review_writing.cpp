#include "project/review_writing.hpp"

#include <fmt/format.h>

#include "forge/local.hpp"
#include "forge/missing_commits.hpp"
#include "git/partial_clone.hpp"
#include "project/commented_file.hpp"
#include "project/review.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

forge::PullRequest reviewable_request(Project& project, std::int64_t number) {
  forge::PullRequest pull = current_request(project, number);
  if (project.forge().kind() != "local")
    throw Error(ErrorKind::Refused,
                fmt::format("pull request {} lives on {}", number, project.forge().kind()),
                "comment on it there: " + pull.url);
  if (pull.state != "open")
    throw Error(ErrorKind::Refused, fmt::format("pull request {} is {} already", number, pull.state),
                fmt::format("see: git changeling review show {}", number));
  return pull;
}

void check_length(const std::string& text, std::size_t& sum) {
  sum += text.size();
  if (text.size() > store::most_review_text || sum > store::most_review_texts)
    throw Error(ErrorKind::Usage,
                fmt::format("a text of a review has at most {} KiB, and all of them have at most {} KiB",
                            store::most_review_text >> 10U, store::most_review_texts >> 10U));
}

void check_texts(const ReviewDraft& draft) {
  std::size_t sum = 0;
  check_length(draft.text, sum);
  for (const store::ReviewComment& comment : draft.comments) {
    if (trim(comment.text).empty()) throw Error(ErrorKind::Usage, "a comment needs a text");
    check_length(comment.text, sum);
  }
  if (draft.comments.size() > store::most_review_comments)
    throw Error(ErrorKind::Usage,
                fmt::format("a review has at most {} comments", store::most_review_comments));
  if (draft.comments.empty() && trim(draft.text).empty())
    throw Error(ErrorKind::Usage, "a review needs a text, or a comment on a line");
}

/// What the reviewer has looked at.
ComparedCommits looked_at(Project& project, const forge::PullRequest& pull, const std::string& head) {
  const git::Repository& repository = project.repository();
  const auto today = changes_of(project, pull).commits;
  if (!today)
    throw Error(ErrorKind::Unavailable,
                fmt::format("the commits of pull request {} are not all in this repository", pull.number),
                "fetch what is missing: " +
                    forge::fetch_command(repository, project.remote(), {pull.head, pull.branch, pull.base}));
  if (head.empty() || head == today->second.hex()) return *today;
  const auto then = repository.resolve_revision(head);
  const auto base = then ? repository.merge_base(today->first, *then) : std::nullopt;
  // A name of a commit that moves is none that was looked at, and what the base has is none of the request.
  const bool is_of_request = base && then->hex() == head && *base != *then;
  if (!is_of_request || !repository.is_ancestor(*then, today->second))
    throw Error(ErrorKind::Conflict,
                fmt::format("pull request {} is now at {}, which does not contain {}", pull.number,
                            today->second.short_hex(), shortened(head)),
                "look at it again");
  return {*base, *then};
}

void check_open(const store::Snapshot& snapshot, std::int64_t number) {
  const auto record = forge::require_pull_request(snapshot, number);
  if (record.state == store::PullRequestState::Open) return;
  throw Error(ErrorKind::Refused,
              fmt::format("pull request {} is {} meanwhile", number, store::to_string(record.state)));
}

store::ReviewRecord new_review(Project& project, const ReviewDraft& draft) {
  constexpr std::size_t id_length = 8;
  store::ReviewRecord review;
  review.id = random_id(id_length);
  review.author = fmt::format("{} <{}>", project.store().actor().name, project.store().actor().email);
  review.written_at = project.clock().now();
  review.verdict = draft.verdict;
  review.text = valid_utf8(draft.text);
  for (const store::ReviewComment& said : draft.comments) {
    store::ReviewComment comment;
    comment.file = said.file;
    comment.line = said.line;
    comment.side = said.side;
    comment.text = valid_utf8(said.text);
    review.comments.push_back(std::move(comment));
  }
  return review;
}

std::string known_threads(const std::vector<store::ReviewRecord>& reviews) {
  std::vector<std::string> ids;
  for (const store::ReviewRecord& review : reviews) {
    for (std::size_t index = 0; index < review.comments.size(); ++index) {
      if (!review.comments[index].resolved_at) ids.push_back(store::thread_id(review.id, index));
    }
  }
  return ids.empty() ? "no thread is open" : "open are: " + join(ids, ", ");
}

store::ReviewRecord require_thread(const store::Snapshot& snapshot, std::int64_t number,
                                   const std::string& thread) {
  const auto place = store::parse_thread_id(thread);
  auto review = place ? store::read_review(snapshot, number, place->review) : std::nullopt;
  if (review && place->index < review->comments.size()) return *std::move(review);
  throw Error(ErrorKind::NotFound,
              fmt::format("pull request {} has no thread '{}'", number, shortened(thread)),
              known_threads(store::read_reviews(snapshot, number)));
}

void announce_review(Project& project, std::string_view event, const store::ReviewRecord& review,
                     const std::string& changeling, const Json& more) {
  Json fields{{"pull_request", review.request}, {"changeling", changeling}, {"review", review.id}};
  fields.update(more);
  project.announce(event, fields);
}

}  // namespace

store::ReviewRecord add_review(Project& project, std::int64_t number, const ReviewDraft& draft) {
  const forge::PullRequest pull = reviewable_request(project, number);
  check_texts(draft);
  const auto [base, head] = looked_at(project, pull, draft.head);
  git::fetch_differing_files(project.repository(), project.git(), base, head);
  store::ReviewRecord review = new_review(project, draft);
  review.request = number;
  review.base = base.hex();
  review.head = head.hex();
  const CommentedFiles files(project.repository(), {base, head});
  for (store::ReviewComment& comment : review.comments) files.check(comment);
  project.store().update({fmt::format("{}: review of pull request {}", pull.changeling, number),
                          "review.add",
                          {{"Changeling", pull.changeling}}},
                         [&](const store::Snapshot& snapshot, store::Change& change) {
                           check_open(snapshot, number);
                           store::write_review(change, review);
                         });
  announce_review(project, "review:added", review, pull.changeling,
                  {{"verdict", store::to_string(review.verdict)}, {"comments", review.comments.size()}});
  return review;
}

store::ReviewRecord resolve_thread(Project& project, std::int64_t number, const std::string& thread) {
  const forge::PullRequest pull = find_request(project, number);
  store::ReviewRecord review;
  bool changed = false;
  project.store().update(
      {fmt::format("{}: resolve thread {} of pull request {}", pull.changeling, shortened(thread), number),
       "review.resolve",
       {{"Changeling", pull.changeling}}},
      [&](const store::Snapshot& snapshot, store::Change& change) {
        review = require_thread(snapshot, number, thread);
        store::ReviewComment& comment = review.comments[store::parse_thread_id(thread)->index];
        changed = !comment.resolved_at;
        if (!changed) return;
        comment.resolved_at = project.clock().now();
        comment.resolved_by =
            fmt::format("{} <{}>", project.store().actor().name, project.store().actor().email);
        store::write_review(change, review);
      });
  if (changed) announce_review(project, "review:resolved", review, pull.changeling, {{"thread", thread}});
  return review;
}

}  // namespace changeling::project
