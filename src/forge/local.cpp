#include "forge/local.hpp"

#include <fmt/format.h>

#include "forge/body.hpp"
#include "support/error.hpp"
#include "support/process.hpp"

namespace changeling::forge {
namespace {

bool is_open(const store::PullRequestRecord& record) {
  return record.state == store::PullRequestState::Open;
}

void take_proposal(store::PullRequestRecord& record, const Proposal& proposal, Timestamp now) {
  record.title = proposal.title;
  record.body = record.body.empty() ? proposal.body : replace_generated_part(record.body, proposal.body);
  record.changeling = proposal.changeling;
  record.run = proposal.run;
  record.branch = proposal.branch;
  record.base = proposal.base;
  record.base_commit = proposal.base_commit;
  record.head = proposal.head;
  record.draft = proposal.draft;
  record.labels = proposal.labels;
  record.reviewers = proposal.reviewers;
  record.patch_id = proposal.patch_id;
  record.updated_at = now;
}

store::Operation operation(const std::string& subject, const std::string& kind, const Proposal& proposal) {
  return {subject, kind, {{"Changeling", proposal.changeling}, {"Run", proposal.run}}};
}

}  // namespace

PullRequest from_record(const store::PullRequestRecord& record) {
  PullRequest pull;
  pull.number = record.number;
  pull.title = record.title;
  pull.body = record.body;
  pull.changeling = record.changeling;
  pull.branch = record.branch;
  pull.base = record.base;
  pull.head = record.head;
  pull.state = store::to_string(record.state);
  pull.url = fmt::format("local:{}", record.number);
  pull.draft = record.draft;
  pull.labels = record.labels;
  pull.reviewers = record.reviewers;
  return pull;
}

store::PullRequestRecord require_pull_request(const store::Snapshot& snapshot, std::int64_t number) {
  auto record = store::read_pull_request(snapshot, number);
  if (!record) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no pull request {}", number),
                "see them all with: git changeling review list");
  }
  return *std::move(record);
}

std::vector<PullRequest> LocalForge::open_pull_requests() {
  return find_open({});
}

std::vector<PullRequest> LocalForge::find_open(const store::OpenRequestQuery& query) {
  index_.follow();
  std::vector<PullRequest> open;
  for (const auto& record : index_.open(query)) open.push_back(from_record(record));
  return open;
}

std::optional<PullRequest> LocalForge::find(std::int64_t number) {
  const auto record = store::read_pull_request(store_.snapshot(), number);
  return record ? std::optional(from_record(*record)) : std::nullopt;
}

std::vector<PullRequest> LocalForge::list(std::size_t limit) {
  std::vector<PullRequest> pulls = open_pull_requests();
  for (const auto& record : index_.newest_ended(limit)) pulls.push_back(from_record(record));
  return pulls;
}

std::int64_t LocalForge::free_number(const store::Snapshot& snapshot) const {
  std::int64_t number = index_.next_number();
  const auto is_taken = [&] {
    return snapshot.tree() &&
           snapshot.repository().entry_kind(*snapshot.tree(), store::pull_request_path(number));
  };
  while (is_taken()) ++number;
  return number;
}

PullRequest LocalForge::open(const Proposal& proposal, std::vector<std::string>&) {
  store::PullRequestRecord result;
  const std::string subject = fmt::format("{}: pull request for {}", proposal.changeling, proposal.branch);
  store_.update(operation(subject, "pull.open", proposal),
                [&](const store::Snapshot& snapshot, store::Change& change) {
                  result = store::PullRequestRecord();
                  // If others have written since the snapshot, this is decided anew.
                  index_.follow();
                  auto standing = index_.open({"", {proposal.branch}, ""});
                  if (!standing.empty()) result = std::move(standing.back());
                  const Timestamp now = clock_.now();
                  if (result.number == 0) {
                    result.number = free_number(snapshot);
                    result.created_at = now;
                  }
                  take_proposal(result, proposal, now);
                  store::write_pull_request(change, result);
                });
  return from_record(result);
}

PullRequest LocalForge::update(std::int64_t number, const Proposal& proposal, std::vector<std::string>&) {
  store::PullRequestRecord result;
  const std::string subject = fmt::format("{}: update pull request {}", proposal.changeling, number);
  store_.update(operation(subject, "pull.update", proposal), [&](const store::Snapshot& snapshot,
                                                                 store::Change& change) {
    result = require_pull_request(snapshot, number);
    if (!is_open(result)) {
      throw Error(ErrorKind::Conflict,
                  fmt::format("pull request {} is {} meanwhile", number, store::to_string(result.state)),
                  fmt::format("run the changeling again to open a new one: git changeling run {}",
                              shell_quote(proposal.changeling)));
    }
    take_proposal(result, proposal, clock_.now());
    store::write_pull_request(change, result);
  });
  return from_record(result);
}

void LocalForge::close(std::int64_t number, const std::string& reason) {
  const std::string changeling = require_pull_request(store_.snapshot(), number).changeling;
  store_.update({fmt::format("{}: close pull request {}", changeling, number),
                 "pull.close",
                 {{"Changeling", changeling}}},
                [&](const store::Snapshot& snapshot, store::Change& change) {
                  store::PullRequestRecord record = require_pull_request(snapshot, number);
                  if (record.state == store::PullRequestState::Merged) {
                    throw Error(ErrorKind::Refused, fmt::format("pull request {} is merged already", number),
                                fmt::format("look at it: git show {}", shell_quote(record.merge_commit)));
                  }
                  if (!is_open(record)) {
                    const std::string why = record.close_reason.empty() ? "" : ": " + record.close_reason;
                    throw Error(ErrorKind::Refused, fmt::format("#{} is rejected already{}", number, why),
                                fmt::format("see: git changeling review show {}", number));
                  }
                  record.state = store::PullRequestState::Closed;
                  record.closed_at = record.updated_at = clock_.now();
                  record.closed_by = fmt::format("{} <{}>", store_.actor().name, store_.actor().email);
                  record.close_reason = reason;
                  store::write_pull_request(change, record);
                });
}

void LocalForge::note_merged(std::int64_t number, const std::string& commit) {
  const std::string changeling = require_pull_request(store_.snapshot(), number).changeling;
  store_.update({fmt::format("{}: pull request {} was merged by hand", changeling, number),
                 "pull.found",
                 {{"Changeling", changeling}}},
                [&](const store::Snapshot& snapshot, store::Change& change) {
                  store::PullRequestRecord record = require_pull_request(snapshot, number);
                  if (!is_open(record)) return;
                  record.state = store::PullRequestState::Merged;
                  record.merge_commit = commit;
                  record.closed_at = record.updated_at = clock_.now();
                  store::write_pull_request(change, record);
                });
}

std::vector<std::string> LocalForge::rejected_patch_ids(const std::string& changeling) {
  index_.follow();
  return index_.rejected_patch_ids(changeling);
}

std::string LocalForge::open_issue(const std::string& title, const std::string&,
                                   const std::vector<std::string>&) {
  throw Error(ErrorKind::Refused, fmt::format("the local forge has no issues, so '{}' was not filed", title),
              "use --output report, or a forge with issues: git config changeling.forge github");
}

}  // namespace changeling::forge
