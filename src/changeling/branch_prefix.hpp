#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// Names of the branches that runs work on: PREFIX/CHANGELING/RUN. `changeling.branchPrefix` chooses the
/// prefix; git cannot have a branch that is called like it.
class BranchPrefix {
 public:
  static constexpr std::string_view standard = "changelings";

  BranchPrefix() : prefix_(standard) {}
  /// `configured` is the value of changeling.branchPrefix; empty for the standard. Slashes at its end do not
  /// matter. Throws Error(Invalid) when no branch can begin with it (git-check-ref-format(1)).
  explicit BranchPrefix(std::string_view configured);

  const std::string& text() const { return prefix_; }
  /// The branch of a run, without "refs/heads/".
  std::string branch(std::string_view changeling, std::string_view run) const;
  /// The changeling that such a branch belongs to; empty for others. Branches from before another prefix was
  /// chosen count as well.
  std::string changeling_of(std::string_view branch) const;
  /// Whether the full name of a reference is the branch of a run.
  bool holds(std::string_view reference) const;

 private:
  std::string prefix_;
};

/// The branches that must not exist for `branch` to be possible, as git keeps them as folders: for "a/b/c"
/// these are "a" and "a/b".
std::vector<std::string> branches_in_the_way(std::string_view branch);

}  // namespace changeling
