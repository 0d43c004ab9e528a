#include "store/history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr std::size_t shortest_prefix = 4;

bool changed_path(const git::Repository& repository, const git::CommitInfo& commit, const std::string& path) {
  // A merge of two histories changes nothing that an operation of one of them has not changed.
  if (commit.parents.size() > 1) return false;
  const auto before =
      commit.parents.empty() ? std::nullopt : std::optional(repository.commit(commit.parents.front()).tree);
  bool changed = false;
  repository.compare_trees(before, commit.tree, path.substr(0, path.rfind('/')),
                           [&](const git::BlobChange& change) { changed = changed || change.path == path; });
  return changed;
}

bool names_task(const git::Repository& repository, const git::CommitInfo& commit,
                const OperationRecord& operation, const std::string& task) {
  if (!operation.task.empty()) {
    std::string words = operation.task;
    std::replace(words.begin(), words.end(), ',', ' ');
    const auto ids = split(words, ' ');
    return std::find(ids.begin(), ids.end(), task) != ids.end();
  }
  return changed_path(repository, commit, task_path(task));
}

}  // namespace

HistoryWalk::HistoryWalk(const git::Repository& repository, const git::ObjectId& tip)
    : repository_(repository) {
  push(tip);
}

std::optional<git::CommitInfo> HistoryWalk::next() {
  if (waiting_.empty()) return std::nullopt;
  git::CommitInfo commit = waiting_.top();
  waiting_.pop();
  for (const git::ObjectId& parent : commit.parents) push(parent);
  return commit;
}

void HistoryWalk::push(const git::ObjectId& id) {
  if (seen_.insert(id).second) waiting_.push(repository_.commit(id));
}

OperationRecord operation_of(const git::CommitInfo& commit) {
  const auto trailer = [&](std::string_view key) { return commit.trailer(key).value_or(""); };
  return {commit.id,           trailer("Operation"),
          commit.subject(),    fmt::format("{} <{}>", commit.author.name, commit.author.email),
          commit.committed_at, trailer("Changeling"),
          trailer("Run"),      trailer("Task"),
          trailer("Undoes"),   trailer("Session")};
}

std::vector<OperationRecord> read_history(const git::Repository& repository, const git::ObjectId& tip,
                                          const HistoryQuery& query) {
  std::vector<OperationRecord> operations;
  HistoryWalk walk(repository, tip);
  while (query.limit == 0 || operations.size() < query.limit) {
    const auto commit = walk.next();
    if (!commit || (query.since && commit->committed_at < *query.since)) break;
    OperationRecord operation = operation_of(*commit);
    if (!query.changeling.empty() && operation.changeling != query.changeling) continue;
    if (!query.run.empty() && !operation.run.starts_with(query.run)) continue;
    if (!query.task.empty() && !names_task(repository, *commit, operation, query.task)) continue;
    operations.push_back(std::move(operation));
  }
  return operations;
}

git::CommitInfo find_operation(const git::Repository& repository, const git::ObjectId& tip,
                               std::string_view prefix) {
  const std::string wanted = to_lower(prefix);
  const auto nothing = [&] {
    return Error(ErrorKind::NotFound, fmt::format("there is no operation '{}'", prefix),
                 "see: git changeling log");
  };
  const bool is_hex = wanted.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hex || wanted.size() < shortest_prefix || wanted.size() > tip.hex().size()) throw nothing();
  std::optional<git::CommitInfo> found;
  HistoryWalk walk(repository, tip);
  while (auto commit = walk.next()) {
    if (!commit->id.hex().starts_with(wanted)) continue;
    if (found) {
      throw Error(ErrorKind::Usage,
                  fmt::format("'{}' is the start of more than one operation: {} and {}", prefix,
                              found->id.short_hex(), commit->id.short_hex()),
                  "write more of the operation's id");
    }
    found = std::move(*commit);
    if (wanted.size() == tip.hex().size()) break;
  }
  if (!found) throw nothing();
  return *found;
}

}  // namespace changeling::store
