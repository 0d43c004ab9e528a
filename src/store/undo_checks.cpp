#include "store/undo_checks.hpp"

#include <fmt/format.h>

#include "queue/task_json.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

[[noreturn]] void refuse(const std::string& reason, const std::string& hint) {
  throw Error(ErrorKind::Refused, reason, hint);
}

/// What a file says, or nothing for a missing or a damaged one: taking back what damaged a record must work.
template <typename Read>
auto record_in(const std::optional<std::string>& content, const std::string& path, const Read& read)
    -> std::optional<decltype(read(std::declval<const std::string&>()))> {
  std::optional<decltype(read(std::declval<const std::string&>()))> record;
  if (content) read_or_note(path, nullptr, [&] { record = read(*content); });
  return record;
}

std::optional<RunRecord> run_in(const std::optional<std::string>& content, const std::string& path) {
  return record_in(content, path,
                   [&](const std::string& text) { return run_from_json(parse_json(text, path), path); });
}

void check_run(const RestoredFile& file) {
  const auto is_running = [](const std::optional<RunRecord>& run) {
    return run && run->status == RunStatus::Running;
  };
  const auto now = run_in(file.now, file.path);
  if (is_running(now)) {
    refuse(fmt::format("run {} of {} is running", now->id, now->changeling),
           fmt::format("stop it first: git changeling stop {}", now->id));
  }
  // What was running when its record was damaged may be running still; bringing its record back is right.
  if (!now && file.now) return;
  if (const auto run = run_in(file.then, file.path); is_running(run)) {
    refuse(fmt::format("run {} of {} has ended; that cannot be taken back", run->id, run->changeling),
           fmt::format("run it again: git changeling retry {}", run->id));
  }
}

void check_task(const RestoredFile& file) {
  const auto task = task_in(file.now, file.path);
  if (!task || !task->lease) return;
  refuse(fmt::format("task {} is claimed by {}", task->id, task->lease->owner),
         fmt::format("release it first: git changeling task release {} --token {}", task->id,
                     task->lease->token));
}

void check_pull_request(const git::Repository& repository, const RestoredFile& file) {
  const auto pull = record_in(file.now, file.path, [&](const std::string& text) {
    return pull_request_from_json(parse_json(text, file.path), file.path);
  });
  if (!pull) return;
  if (pull->state == PullRequestState::Merged) {
    refuse(fmt::format("pull request {} is merged, which changed the branch {}", pull->number, pull->base),
           fmt::format("take the merge back on {} with: {}", pull->base, revert_command(repository, *pull)));
  }
  if (!file.then) {
    refuse(fmt::format("run {} has opened pull request {}", pull->run, pull->number),
           fmt::format("reject it: git changeling review reject {}", pull->number));
  }
}

}  // namespace

std::optional<queue::Task> task_in(const std::optional<std::string>& content, const std::string& path) {
  return record_in(content, path, [&](const std::string& text) {
    return queue::task_from_json(parse_json(text, path), path);
  });
}

std::string revert_command(const git::Repository& repository, const PullRequestRecord& pull) {
  const auto commit_of = [&](const std::string& id) {
    return id.empty() ? std::nullopt : repository.resolve_revision(id);
  };
  const auto merge = commit_of(pull.merge_commit);
  const auto base = commit_of(pull.base_commit);
  if (!merge || repository.commit(*merge).parents.size() > 1)
    return fmt::format("git revert -m 1 {}", pull.merge_commit);
  bool straight = false;
  for (git::CommitInfo commit = repository.commit(*merge); base && commit.parents.size() == 1;
       commit = repository.commit(commit.parents.front())) {
    straight = commit.parents.front() == *base;
    if (straight) break;
  }
  if (straight) return fmt::format("git revert --no-edit {}..{}", pull.base_commit, pull.merge_commit);
  return fmt::format("git diff --binary {} {} | git apply --index && git commit", pull.merge_commit,
                     pull.base_commit);
}

void check_restorable(const git::Repository& repository, const std::vector<RestoredFile>& files) {
  for (const RestoredFile& file : files) {
    if (run_id_of(file.path)) check_run(file);
    if (task_id_of(file.path)) check_task(file);
    if (pull_request_number_of(file.path)) check_pull_request(repository, file);
  }
}

}  // namespace changeling::store
