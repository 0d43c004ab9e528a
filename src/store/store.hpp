#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.hpp"
#include "support/clock.hpp"

namespace changeling::store {

/// Format of the records, in the file `format` at the root of the state tree. A newer one is read-only.
inline constexpr int format_version = 1;
inline constexpr std::string_view default_reference = "refs/changelings/state";

/// All records as they were at one commit of the state ref. Reads lazily; valid while the repository is open.
class Snapshot {
 public:
  /// No commit: the state ref does not exist yet and everything is empty.
  Snapshot(const git::Repository& repository, std::optional<git::ObjectId> commit);

  const std::optional<git::ObjectId>& commit() const { return commit_; }
  std::optional<std::string> read(const std::string& path) const;
  /// Names directly inside a folder, sorted; empty when it does not exist.
  std::vector<std::string> names(const std::string& folder) const;
  /// Paths of all files below a folder, sorted.
  std::vector<std::string> files_below(const std::string& folder) const;

 private:
  const git::Repository* repository_;
  std::optional<git::ObjectId> commit_;
  std::optional<git::ObjectId> tree_;
};

/// What one operation writes: each path with its new bytes, or nothing to remove it.
class Change {
 public:
  void write(std::string path, std::string content) { edits_[std::move(path)] = std::move(content); }
  void remove(std::string path) { edits_[std::move(path)] = std::nullopt; }
  bool empty() const { return edits_.empty(); }
  const std::map<std::string, std::optional<std::string>>& edits() const { return edits_; }

 private:
  std::map<std::string, std::optional<std::string>> edits_;
};

/// Says who did what; becomes the subject and the trailers of the operation's commit.
struct Operation {
  std::string subject;                          ///< "run typo-sprite: opened-pr".
  std::string kind;                             ///< "run.finish"; trailer `Operation`.
  std::map<std::string, std::string> trailers;  ///< Further ones: "Changeling", "Run", "Task".
};

/// The repository's shared state: one reference, a commit per operation, moved by compare-and-swap.
class Store {
 public:
  /// `reference` is the value of `changeling.ref` or default_reference. `lock_file` only spreads out writers;
  /// correctness rests on the compare-and-swap.
  Store(git::Repository& repository, const Clock& clock, std::string reference, git::Identity actor,
        std::filesystem::path lock_file);

  const std::string& reference() const { return reference_; }
  const git::Identity& actor() const { return actor_; }
  /// Whether `init` has been run (or a clone has fetched the state).
  bool exists() const;
  /// Throws Error(Refused) when the format is newer than this program.
  Snapshot snapshot() const;

  /// Creates the first commit with the `format` file. Returns false when it existed.
  bool initialize();

  /// Calls `decide` with the newest snapshot, writes what it puts into the change, and starts again when
  /// another writer was faster. `decide` must have no side effect besides its own captured result; it runs
  /// one or more times. An empty change writes nothing. Throws Error(Conflict) after too many lost races.
  void update(const Operation& operation, const std::function<void(const Snapshot&, Change&)>& decide);

 private:
  git::Repository& repository_;
  const Clock& clock_;
  std::string reference_;
  git::Identity actor_;
  std::filesystem::path lock_file_;
};

}  // namespace changeling::store
