#include "project/review.hpp"

#include <fmt/format.h>

#include "forge/merged_by_hand.hpp"
#include "store/records.hpp"
#include "store/undo_checks.hpp"
#include "support/error.hpp"
#include "support/process.hpp"

namespace changeling::project {
namespace {

/// What accepting would merge now.
forge::RequestHead proposed_head(Project& project, const forge::PullRequest& pull) {
  const git::Repository& repository = project.repository();
  if (project.forge().kind() == "local" && pull.state == "open") {
    if (const auto record = store::read_pull_request(project.snapshot(), pull.number))
      return forge::request_head(repository, *record);
  }
  return {forge::RequestHead::Kind::Proposed, repository.resolve_revision(pull.head)};
}

std::optional<std::pair<git::ObjectId, git::ObjectId>> compared_commits(
    Project& project, const forge::PullRequest& pull, const std::optional<git::ObjectId>& head) {
  const git::Repository& repository = project.repository();
  auto base = repository.resolve("refs/heads/" + pull.base);
  if (!base) base = repository.resolve(fmt::format("refs/remotes/{}/{}", project.remote(), pull.base));
  if (!head || !base) return std::nullopt;
  // Once merged, the head is part of the base; what it brought is the difference to where it started.
  if (pull.state == "merged") {
    const auto start = store::read_pull_request(project.snapshot(), pull.number);
    if (start && !start->base_commit.empty()) base = repository.resolve_revision(start->base_commit);
    if (!base) return std::nullopt;
  }
  const auto fork = repository.merge_base(*base, *head);
  if (!fork) return std::nullopt;
  return std::pair(*fork, *head);
}

void require_no_remains(Project& project, const forge::PullRequest& pull) {
  if (project.forge().kind() != "local" || pull.state != "open") return;
  const auto remains = forge::remains_of_acceptance(project.repository(), project.work_tree());
  if (!remains) return;
  throw Error(ErrorKind::Refused,
              "a `review accept` was killed before its end; files here may be written by half",
              fmt::format("finish it: git changeling review accept {}; or, when all files are as you want "
                          "them: rm {}",
                          pull.number, shell_quote(remains->string())));
}

}  // namespace

void notice_merges(Project& project, const std::vector<forge::PullRequest>& pulls) {
  if (!project.forge().needs_pushed_branch())
    forge::notice_merges(project.repository(), project.git(), project.forge(), pulls);
}

std::vector<forge::PullRequest> list_requests(Project& project, std::optional<std::size_t> most_closed) {
  forge::Forge& forge = project.forge();
  if (!forge.needs_pushed_branch()) notice_merges(project, forge.open_pull_requests());
  auto pulls = most_closed ? forge.list(*most_closed) : forge.open_pull_requests();
  if (!forge.needs_pushed_branch()) project.damage().note(project.current_requests().unreadable());
  return pulls;
}

forge::PullRequest find_request(Project& project, std::int64_t number) {
  project.require_state();
  if (auto pull = project.forge().find(number)) return *pull;
  throw Error(ErrorKind::NotFound, fmt::format("there is no pull request {}", number),
              "see: git changeling review list");
}

forge::PullRequest current_request(Project& project, std::int64_t number) {
  forge::PullRequest pull = find_request(project, number);
  if (pull.state != "open") return pull;
  notice_merges(project, {pull});
  return find_request(project, number);
}

RequestChanges changes_of(Project& project, const forge::PullRequest& pull) {
  RequestChanges changes{proposed_head(project, pull), std::nullopt};
  changes.commits = compared_commits(project, pull, changes.head.commit);
  return changes;
}

forge::AcceptPlace accept_place(Project& project, const forge::PullRequest& pull, const std::string& head) {
  if (project.forge().kind() != "local") {
    throw Error(ErrorKind::Refused,
                fmt::format("pull request {} lives on {}", pull.number, project.forge().kind()),
                "merge it there: " + pull.url);
  }
  return {project.repository(),
          project.store(),
          project.git(),
          project.work_tree(),
          project.clock(),
          project.remote(),
          head.empty() ? std::nullopt : std::optional(head)};
}

void require_rejectable(Project& project, const forge::PullRequest& pull) {
  require_no_remains(project, pull);
  if (pull.state != "merged") return;
  const auto record = store::read_pull_request(project.snapshot(), pull.number);
  throw Error(ErrorKind::Refused, fmt::format("pull request {} is merged already", pull.number),
              record && !record->merge_commit.empty()
                  ? fmt::format("take it back on {} with: {}", pull.base,
                                store::revert_command(project.repository(), *record))
                  : fmt::format("look for it with: git log {}", pull.base));
}

}  // namespace changeling::project
