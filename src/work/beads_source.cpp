#include "work/beads_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "work/source_task.hpp"

namespace changeling::work {
namespace {

constexpr std::string_view source_name = to_string(SourceKind::Beads);
/// bd shows ten without being told; some of them may be somebody else's.
constexpr std::string_view polled_issues = "50";
constexpr std::size_t longest_reason = 500;

/// What can be handed to bd as an argument without being taken for an option.
bool is_issue_id(std::string_view id) {
  return !id.empty() && id.front() != '-' &&
         std::all_of(id.begin(), id.end(), [](char letter) { return letter > ' ' && letter < 0x7f; });
}

/// beads: 0 critical, 1 high, 2 medium, 3 low, 4 backlog.
queue::Priority priority_of(std::int64_t number) {
  switch (number) {
    case 0:
      return queue::Priority::Urgent;
    case 1:
      return queue::Priority::High;
    case 2:
      return queue::Priority::Medium;
    default:
      return queue::Priority::Low;
  }
}

/// What makes another attempt worth while when it changes.
std::string request_of(const queue::Task& task) {
  std::string text = task.title + "\n" + task.description + "\n";
  for (const queue::Criterion& criterion : task.acceptance) text += criterion.value + "\n";
  return text;
}

}  // namespace

struct BeadsSource::Issue {
  std::string id;
  std::string status;
  std::string assignee;
  Json fields;

  static Issue from_json(const Json& object) {
    return {json_string(object, "id").value_or(""), json_string(object, "status").value_or(""),
            json_string(object, "assignee").value_or(""), object};
  }

  bool is_free(const std::string& worker) const {
    return status == "open" && (assignee.empty() || assignee == worker);
  }
  /// An epic is a heading: its issues are the work, and bd closes it only after all of them.
  bool is_epic() const { return json_string(fields, "issue_type") == "epic"; }
  bool has_labels(const std::vector<std::string>& labels) const {
    // Left out where an issue has none, and by versions that leave the filter to the server.
    if (!fields.contains("labels")) return true;
    const auto present = json_strings(fields, "labels");
    return std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
      return std::find(present.begin(), present.end(), label) != present.end();
    });
  }
  queue::Task to_task(const queue::ClaimFilter& filter) const {
    queue::Task task;
    task.id = local_id(source_name, id);
    task.source = fmt::format("{}:{}", source_name, id);
    task.title = json_string(fields, "title").value_or(id);
    task.description = json_string(fields, "description").value_or("");
    // Only for people: an issue must not be able to name command lines.
    if (const auto criteria = json_string(fields, "acceptance_criteria");
        criteria && !trim(*criteria).empty()) {
      task.acceptance.push_back({queue::Criterion::Kind::Text, std::string(trim(*criteria))});
    }
    task.status = queue::TaskStatus::InFlight;
    task.priority = priority_of(json_integer(fields, "priority").value_or(2));
    task.labels = json_strings(fields, "labels");
    std::sort(task.labels.begin(), task.labels.end());
    task.role = filter.role;
    task.assignee_agent = assignee;
    return task;
  }
};

BeadsSource::BeadsSource(ProcessRunner& processes, const Clock& clock, BeadsSettings settings)
    : program_(processes, settings.place),
      settings_(std::move(settings)),
      pauses_(clock, settings_.most_attempts, settings_.attempts_folder) {}

bool BeadsSource::begin(const std::string& id) {
  const std::scoped_lock guard(mutex_);
  if (held_.count(id) > 0) return false;
  std::optional<FileLock> lock;
  if (!settings_.lock_folder.empty()) {
    lock = FileLock::try_acquire(settings_.lock_folder / local_id(source_name, id));
    if (!lock) return false;
  }
  held_.emplace(id, std::move(lock));
  return true;
}

void BeadsSource::end(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  held_.erase(id);
}

SourceClaim BeadsSource::claim(const queue::ClaimFilter& filter, const std::string& worker) {
  {
    const std::scoped_lock lock(mutex_);
    if (!version_checked_) program_.check_version();
    version_checked_ = true;
  }
  const auto labels = wanted_labels(filter, settings_.role_label);
  std::vector<std::string> question{"ready"};
  for (const std::string& label : labels) question.insert(question.end(), {"-l", label});
  question.insert(question.end(), {"--exclude-type", "epic", "-n", std::string(polled_issues)});
  const auto answer = program_.call(question, worker);
  if (const auto* failure = std::get_if<BeadsProgram::Failure>(&answer)) return Unreachable{failure->reason};
  const Json& list = std::get<Json>(answer);
  if (!list.is_array()) return Unreachable{"bd ready answered with no list"};
  for (const Json& object : list) {
    if (!object.is_object()) continue;
    const Issue issue = Issue::from_json(object);
    if (!is_issue_id(issue.id) || !issue.is_free(worker) || !issue.has_labels(labels)) continue;
    if (issue.is_epic() || excepted(filter, local_id(source_name, issue.id))) continue;
    if (!pauses_.allows(local_id(source_name, issue.id), request_of(issue.to_task(filter))) ||
        !begin(issue.id))
      continue;
    try {
      SourceClaim claimed = try_to_claim(issue, filter, worker);
      if (!std::holds_alternative<SourcedClaim>(claimed)) end(issue.id);
      return claimed;
    } catch (...) {
      end(issue.id);
      throw;
    }
  }
  return NothingReady{};
}

SourceClaim BeadsSource::try_to_claim(const Issue& issue, const queue::ClaimFilter& filter,
                                      const std::string& worker) {
  const auto answer = program_.call({"update", issue.id, "--claim"}, worker);
  // Whatever it answered: the issue itself says who has it. Two workers have been told that they won.
  try {
    const Issue now = read(issue.id, worker);
    if (now.assignee == worker && now.status == "in_progress") return SourcedClaim{now.to_task(filter), 0};
    if (!now.is_free(worker)) return LostRace{now.assignee};
    const auto* failure = std::get_if<BeadsProgram::Failure>(&answer);
    return Unreachable{failure != nullptr ? failure->reason
                                          : fmt::format("bd did not keep the claim of {}", issue.id)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) throw;
    // Whether the claim holds is unknown; the work must not begin, and the issue shows who has it.
    return Unreachable{error.what()};
  }
}

BeadsSource::Issue BeadsSource::read(const std::string& id, const std::string& worker) {
  const auto answer = program_.call({"show", id}, worker);
  if (const auto* failure = std::get_if<BeadsProgram::Failure>(&answer)) {
    throw Error(ErrorKind::Unavailable, failure->reason, fmt::format("look at it with: bd show {}", id));
  }
  const Json& shown = std::get<Json>(answer);
  const Json* object = shown.is_array() && shown.size() == 1 ? &shown.front() : &shown;
  if (!object->is_object() || json_string(*object, "id").value_or("") != id) {
    throw Error(ErrorKind::Unavailable, fmt::format("bd show {} answered with no issue", id),
                fmt::format("look at it with: bd show {}", id));
  }
  return Issue::from_json(*object);
}

bool BeadsSource::holds(const SourcedClaim& claim, const std::string& worker) {
  const Issue issue = read(foreign_id(claim, source_name), worker);
  return issue.assignee == worker && issue.status == "in_progress";
}

void BeadsSource::renew(const SourcedClaim&) {}

void BeadsSource::give_back(const std::string& id, const std::string& worker) {
  const auto answer = program_.call({"update", id, "-s", "open", "-a", ""}, worker);
  if (const auto* failure = std::get_if<BeadsProgram::Failure>(&answer)) {
    throw Error(ErrorKind::Unavailable, failure->reason,
                fmt::format("give it back with: bd update {} -s open -a \"\"", id));
  }
}

void BeadsSource::finish(const SourcedClaim& claim, const TaskResult& result) {
  const std::string id = foreign_id(claim, source_name);
  const std::string& worker = claim.task.assignee_agent;
  const bool done = result.success && result.check.unmet.empty();
  if (!done && counts_as_failure(result)) pauses_.note_failure(claim.task.id, request_of(claim.task));
  const Issue issue = read(id, worker);
  if (issue.assignee != worker || issue.status != "in_progress") {
    end(id);
    if (!done) return;
    throw Error(ErrorKind::Refused,
                fmt::format("{} is not {}'s any more ({}{})", id, worker, issue.status,
                            issue.assignee.empty() ? "" : ", " + issue.assignee),
                fmt::format("look at the result with: git changeling runs show {}", result.run));
  }
  if (!done) {
    give_back(id, worker);
    end(id);
    if (!result.success) return;
    throw Error(ErrorKind::Refused, fmt::format("{} is not done: {}", id, join(result.check.unmet, "; ")),
                "it was given back");
  }
  std::string reason = fmt::format("git-changeling run {}: {}", result.run, result.outcome);
  for (const std::string& shown : shown_results(result)) reason += ", " + shown;
  reason = without_controls(reason.substr(0, longest_reason));
  close(claim, id, reason);
  pauses_.forget(claim.task.id);
  end(id);
}

void BeadsSource::close(const SourcedClaim& claim, const std::string& id, const std::string& reason) {
  const std::string& worker = claim.task.assignee_agent;
  const auto answer = program_.call({"close", id, "-r", reason}, worker);
  const auto* failure = std::get_if<BeadsProgram::Failure>(&answer);
  // It may have been closed, and only the answer was lost.
  if (failure == nullptr || read(id, worker).status == "closed") return;
  pauses_.note_failure(claim.task.id, request_of(claim.task));
  give_back(id, worker);
  end(id);
  throw Error(ErrorKind::Refused, failure->reason,
              fmt::format("it was given back; close it yourself with: bd close {}", id));
}

}  // namespace changeling::work
