#include "store/undo_checks.hpp"

#include <fmt/format.h>

#include "queue/task_json.hpp"
#include "store/damaged.hpp"
#include "store/record_kinds.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
void refuse_undo(const std::string& reason, const std::string& hint) {
  throw Error(ErrorKind::Refused, reason, hint);
}

std::optional<queue::Task> task_in(const std::optional<std::string>& content, const std::string& path) {
  return sound_record(content, path, [&](const std::string& text) {
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
    const RecordKind* const kind = record_kind_at(file.path);
    if (kind != nullptr && kind->check_undo != nullptr && kind->id_at(file.path))
      kind->check_undo(repository, file);
  }
}

}  // namespace changeling::store
