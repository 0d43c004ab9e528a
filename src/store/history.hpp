#pragma once

#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.hpp"
#include "support/clock.hpp"

namespace changeling::store {

/// One operation on the state: what its commit says, see Operation in store.hpp.
struct OperationRecord {
  git::ObjectId id;
  std::string kind;     ///< "task.add"; empty for a commit that this program did not make.
  std::string subject;  ///< One line.
  std::string actor;    ///< "Name <email>".
  Timestamp time{};
  std::string changeling;  ///< What it concerned; empty where it concerned none.
  std::string run;
  std::string task;
  std::string undoes;        ///< Full id of the operation that it took back.
  std::string session = {};  ///< Of the service, that asked for it; empty: none did.
};

/// Empty members do not restrict.
struct HistoryQuery {
  std::string task;        ///< Full id.
  std::string changeling;  ///< Its name.
  std::string run;         ///< Id, or its beginning.
  std::optional<Timestamp> since;
  std::size_t limit = 30;  ///< 0: all.
};

OperationRecord operation_of(const git::CommitInfo& commit);

/// Commits from a tip on, newest first by their time.
class HistoryWalk {
 public:
  /// The repository must outlive the walk.
  HistoryWalk(const git::Repository& repository, const git::ObjectId& tip);

  /// Nothing at the end.
  std::optional<git::CommitInfo> next();

 private:
  struct Older {
    bool operator()(const git::CommitInfo& one, const git::CommitInfo& two) const {
      return one.committed_at < two.committed_at;
    }
  };

  void push(const git::ObjectId& id);

  const git::Repository& repository_;
  std::priority_queue<git::CommitInfo, std::vector<git::CommitInfo>, Older> waiting_;
  std::set<git::ObjectId> seen_;
};

/// The operations up to `tip`, newest first. Reads one commit after the other and stops at the limit. An
/// operation on many tasks names none of them; whether one was among them is told from the trees.
std::vector<OperationRecord> read_history(const git::Repository& repository, const git::ObjectId& tip,
                                          const HistoryQuery& query);

/// The commit of an operation by its full id or an unambiguous beginning of at least four digits. Throws
/// Error(NotFound) for what is not in the history of `tip`, Error(Usage) for what is ambiguous.
git::CommitInfo find_operation(const git::Repository& repository, const git::ObjectId& tip,
                               std::string_view prefix);

}  // namespace changeling::store
