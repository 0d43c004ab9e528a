#include "work/github_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "queue/task_import.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "work/source_task.hpp"

namespace changeling::work {
namespace {

constexpr std::string_view source_name = to_string(SourceKind::GitHub);
constexpr std::size_t nonce_length = 16;
/// Others' claims are looked at again after this time at the latest, should somebody take one away by hand.
constexpr Duration longest_disregard = std::chrono::minutes(5);

std::int64_t issue_of(const SourcedClaim& claim) {
  return std::strtoll(foreign_id(claim, source_name).c_str(), nullptr, 10);
}

queue::Task to_task(const Json& issue, std::int64_t number) {
  queue::Import read =
      queue::read_import(issue.dump(-1, ' ', false, Json::error_handler_t::replace),
                         fmt::format("issue #{}", number), queue::ImportFormat::GitHub, queue::Task());
  if (read.tasks.size() != 1) {
    throw Error(ErrorKind::External, fmt::format("the server answered with no issue #{}", number));
  }
  queue::Task task = std::move(read.tasks.front().task);
  task.id = local_id(source_name, std::to_string(number));
  task.status = queue::TaskStatus::InFlight;
  return task;
}

/// Those that count; `logins` are believed besides the people whom the repository lets in.
std::vector<ClaimComment> claims_among(const std::vector<Json>& comments,
                                       const std::vector<std::string>& logins) {
  std::vector<ClaimComment> claims;
  for (const Json& comment : comments) {
    const auto claim = read_claim(comment);
    if (claim && is_trusted(comment, logins)) claims.push_back(*claim);
  }
  return claims;
}

}  // namespace

GitHubSource::GitHubSource(forge::GitHubApi api, const Clock& clock, GitHubSourceSettings settings)
    : issues_(std::move(api)),
      clock_(clock),
      settings_(std::move(settings)),
      pauses_(clock, settings_.most_attempts) {}

bool GitHubSource::begin(std::int64_t issue) {
  const std::scoped_lock lock(mutex_);
  return held_.insert(issue).second;
}

void GitHubSource::end(std::int64_t issue) {
  const std::scoped_lock lock(mutex_);
  held_.erase(issue);
  wanted_.erase(issue);
  why_lost_.erase(issue);
}

bool GitHubSource::is_candidate(const Issue& issue) const {
  if (issue.has_label(settings_.review_label) || issue.has_label(settings_.failed_label)) return false;
  // Assigned, but not by a worker: a person has it.
  if (!issue.assignees.empty() && !issue.has_label(settings_.claim_label)) return false;
  return pauses_.allows(std::to_string(issue.number));
}

bool GitHubSource::is_busy(const Issue& issue) {
  if (!issue.has_label(settings_.claim_label)) return false;
  const Timestamp now = clock_.now();
  // The login of our token is not known before its first comment, but it is among the assignees of issues
  // that its workers have; only people with access assign.
  std::vector<std::string> logins = issue.assignees;
  {
    const std::scoped_lock lock(mutex_);
    if (!own_login_.empty()) logins.push_back(own_login_);
    if (const auto found = busy_until_.find(issue.number);
        found != busy_until_.end() && now < found->second) {
      return true;
    }
  }
  for (const ClaimComment& claim : claims_among(issues_.comments(issue.number), logins)) {
    if (claim.expired_at(now)) continue;
    const std::scoped_lock lock(mutex_);
    busy_until_[issue.number] = now + std::min(claim.lease, longest_disregard);
    return true;
  }
  return false;
}

SourceClaim GitHubSource::claim(const queue::ClaimFilter& filter, const std::string& worker) {
  const auto labels = wanted_labels(filter, settings_.role_label);
  if (labels.empty()) {
    throw Error(ErrorKind::Usage, "issues need a role or a label that says which of them are meant",
                "for example --role reviewer, for issues with the label role-reviewer");
  }
  try {
    std::vector<Issue> candidates;
    issues_.each_open(labels, [&](const Issue& issue, const Json&) {
      const bool wanted = !excepted(filter, local_id(source_name, std::to_string(issue.number)));
      if (wanted && is_candidate(issue)) candidates.push_back(issue);
      return true;
    });
    for (const Issue& issue : candidates) {
      if (!begin(issue.number)) continue;
      try {
        SourceClaim claimed = NothingReady{};
        if (!is_busy(issue)) claimed = compete(issue, worker);
        if (std::holds_alternative<SourcedClaim>(claimed)) {
          const std::scoped_lock lock(mutex_);
          wanted_[issue.number] = labels;
        } else {
          end(issue.number);
        }
        if (!std::holds_alternative<NothingReady>(claimed)) return claimed;
      } catch (...) {
        end(issue.number);
        throw;
      }
    }
    return NothingReady{};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) throw;
    return Unreachable{error.hint().empty() ? error.what()
                                            : fmt::format("{}; {}", error.what(), error.hint())};
  }
}

SourceClaim GitHubSource::compete(const Issue& issue, const std::string& worker) {
  const std::string nonce = random_id(nonce_length);
  const auto own = read_claim(issues_.add_comment(
      issue.number, compose_claim(worker, nonce, settings_.lease, format_timestamp(clock_.now())), nonce));
  if (!own) throw Error(ErrorKind::External, "the server changed the comment that claims an issue");
  {
    const std::scoped_lock lock(mutex_);
    own_login_ = own->author;
  }
  try {
    const ClaimComment* winner = &*own;
    std::vector<ClaimComment> expired;
    const auto claims = claims_among(issues_.comments(issue.number), {own->author});
    for (const ClaimComment& claim : claims) {
      // By GitHub's clock alone: its time of our own comment is now.
      if (claim.expired_at(own->created_at)) {
        expired.push_back(claim);
      } else if (claim.id < winner->id) {
        winner = &claim;
      }
    }
    if (winner->id != own->id) {
      issues_.remove_comment(own->id);
      return LostRace{winner->worker};
    }
    // Whoever holds an expired claim must see that it is gone before this worker begins.
    for (const ClaimComment& claim : expired) issues_.remove_comment(claim.id);
    return take(issue, *own);
  } catch (...) {
    // A claim that nobody renews would keep the issue from others for a whole lease. A label without a claim
    // keeps nobody away.
    try {
      issues_.remove_comment(own->id);
    } catch (const Error&) {
    }
    throw;
  }
}

SourceClaim GitHubSource::take(const Issue& issue, const ClaimComment& claim) {
  issues_.add_label(issue.number, settings_.claim_label);
  if (!claim.author.empty()) issues_.assign(issue.number, claim.author);
  Json whole;
  const Issue now = issues_.find(issue.number, &whole);
  const auto other = now.assigned_to_other_than(claim.author);
  const bool free = now.open && now.has_label(settings_.claim_label) &&
                    !now.has_label(settings_.review_label) && !now.has_label(settings_.failed_label) &&
                    !other;
  // Between the list and now it was finished by another worker, closed, or taken by a person.
  if (!free || !issues_.find_comment(claim.id)) {
    hand_back(issue.number, claim);
    return LostRace{other.value_or("")};
  }
  SourcedClaim claimed;
  claimed.token = claim.id;
  claimed.task = to_task(whole, issue.number);
  claimed.task.assignee_agent = claim.worker;
  note_renewal(claim.id);
  std::erase(claimed.task.labels, settings_.claim_label);
  return claimed;
}

void GitHubSource::hand_back(std::int64_t issue, const ClaimComment& claim) {
  if (!claim.author.empty()) issues_.unassign(issue, claim.author);
  issues_.remove_label(issue, settings_.claim_label);
  // Last: until then nobody else wins the issue, so that the label of the next worker stays.
  issues_.remove_comment(claim.id);
}

bool GitHubSource::holds(const SourcedClaim& claim, const std::string& worker) {
  const auto comment = issues_.find_comment(claim.token);
  const auto held = comment ? read_claim(*comment) : std::nullopt;
  const std::int64_t issue = issue_of(claim);
  std::string reason;
  if (!held || held->worker != worker) {
    reason = fmt::format("the claim of issue #{} was taken away", issue);
  } else {
    reason = withdrawal(issue);
  }
  if (reason.empty()) return !is_renewal_due(claim.token) || extend(*held);
  const std::scoped_lock lock(mutex_);
  why_lost_[issue] = std::move(reason);
  return false;
}

std::string GitHubSource::withdrawal(std::int64_t issue) {
  std::vector<std::string> wanted;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = wanted_.find(issue); found != wanted_.end()) wanted = found->second;
  }
  try {
    const Issue now = issues_.find(issue);
    if (!now.open) return fmt::format("issue #{} was closed", issue);
    for (const std::string& label : wanted) {
      if (!now.has_label(label)) return fmt::format("the label {} was taken off issue #{}", label, issue);
    }
    return "";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    return error.what();
  }
}

std::string GitHubSource::why_lost(const SourcedClaim& claim) {
  const std::scoped_lock lock(mutex_);
  const auto found = why_lost_.find(issue_of(claim));
  return found == why_lost_.end() ? "" : found->second;
}

void GitHubSource::abandon(const SourcedClaim& claim) {
  const std::int64_t issue = issue_of(claim);
  const auto comment = issues_.find_comment(claim.token);
  const auto held = comment ? read_claim(*comment) : std::nullopt;
  if (held && held->worker == claim.task.assignee_agent) hand_back(issue, *held);
  end(issue);
}

void GitHubSource::renew(const SourcedClaim& claim) {
  const auto comment = issues_.find_comment(claim.token);
  const auto held = comment ? read_claim(*comment) : std::nullopt;
  if (held && extend(*held)) return;
  throw Error(ErrorKind::Refused, fmt::format("the claim of issue #{} was taken away", issue_of(claim)),
              "its comment was deleted, by a person or by a worker after the lease had ended");
}

bool GitHubSource::extend(const ClaimComment& claim) {
  const std::string now = format_timestamp(clock_.now());
  if (!issues_.edit_comment(claim.id, compose_claim(claim.worker, claim.nonce, settings_.lease, now))) {
    return false;
  }
  note_renewal(claim.id);
  return true;
}

void GitHubSource::note_renewal(std::int64_t comment) {
  const std::scoped_lock lock(mutex_);
  renewed_at_[comment] = clock_.now();
}

bool GitHubSource::is_renewal_due(std::int64_t comment) {
  const std::scoped_lock lock(mutex_);
  const auto found = renewed_at_.find(comment);
  return found == renewed_at_.end() || clock_.now() - found->second >= settings_.lease / 2;
}

void GitHubSource::tell_result(std::int64_t issue, const TaskResult& result, bool done,
                               const std::string& own_login) {
  const std::string marker = result_marker({result.run, result.outcome, done});
  std::int64_t failures = 1;
  bool told = false;
  for (const Json& comment : issues_.comments(issue)) {
    const auto earlier = is_trusted(comment, {own_login}) ? read_result(comment) : std::nullopt;
    if (!earlier) continue;
    if (earlier->run == result.run) {
      told = true;
    } else if (!earlier->success) {
      ++failures;
    }
  }
  if (!told) issues_.add_comment(issue, compose_result(result, done), marker);
  if (done) {
    issues_.add_label(issue, settings_.review_label);
  } else if (settings_.most_attempts > 0 && failures >= settings_.most_attempts) {
    issues_.add_label(issue, settings_.failed_label);
  }
}

void GitHubSource::finish(const SourcedClaim& claim, const TaskResult& result) {
  const std::int64_t issue = issue_of(claim);
  const bool done = result.success && result.check.unmet.empty();
  const auto comment = issues_.find_comment(claim.token);
  const auto held = comment ? read_claim(*comment) : std::nullopt;
  if (!held || held->worker != claim.task.assignee_agent) {
    end(issue);
    if (!done) return;
    throw Error(ErrorKind::Refused,
                fmt::format("issue #{} is not {}'s any more", issue, claim.task.assignee_agent),
                fmt::format("look at the result with: git changeling runs show {}", result.run));
  }
  if (done || counts_as_failure(result)) tell_result(issue, result, done, held->author);
  if (done) {
    issues_.remove_label(issue, settings_.claim_label);
    issues_.remove_comment(held->id);
  } else {
    hand_back(issue, *held);
    if (counts_as_failure(result)) pauses_.note_failure(std::to_string(issue));
  }
  end(issue);
  if (result.success && !done) {
    throw Error(ErrorKind::Refused,
                fmt::format("issue #{} is not done: {}", issue, join(result.check.unmet, "; ")),
                "it was given back");
  }
}

}  // namespace changeling::work
