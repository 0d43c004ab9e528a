#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "git/repository.hpp"

namespace changeling::store {

/// The records of a merge while it is made: the published ones with edits on top.
class MergedRecords {
 public:
  MergedRecords(git::Repository& repository, git::ObjectId published)
      : repository_(repository), published_(std::move(published)) {}

  git::Repository& repository() const { return repository_; }
  const git::ObjectId& published() const { return published_; }
  std::optional<std::string> read(const std::string& path) const;
  bool contains(const std::string& path) const;
  void set(const std::string& path, const std::optional<git::ObjectId>& blob);
  void write(const std::string& path, const std::string& content);
  /// Each path with its new blob, or nothing for a removed one.
  const std::map<std::string, std::optional<git::ObjectId>>& edits() const { return edits_; }

 private:
  git::Repository& repository_;
  git::ObjectId published_;
  std::map<std::string, std::optional<git::ObjectId>> edits_;
};

/// Takes links of our side away until no task waits in a circle.
void break_cycles(MergedRecords& records, std::vector<std::string>& warnings);

/// Takes links away whose task one side has removed; `base` is the tree that both began with, and
/// `published_changes` are the paths that the other side changed.
void drop_missing_links(MergedRecords& records, const std::optional<git::ObjectId>& base,
                        const std::set<std::string>& published_changes);

/// Gives our pull requests at these paths the next free numbers, and tells our runs of it.
void renumber_pull_requests(MergedRecords& records, const std::map<std::string, std::string>& ours,
                            std::vector<std::string>& warnings);

}  // namespace changeling::store
