#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/inner_repositories.hpp"

namespace changeling::run {

/// A commit that a tree has in the place of a folder.
struct SubmodulePointer {
  std::string path;
  git::ObjectId commit;
  std::optional<git::ObjectId> before;  ///< What was there; nothing for a new submodule.
};

/// Whether those who get the branch can also get the commits that its submodules point to.
class SubmodulePointers {
 public:
  /// Runs git on the worktree.
  using Git = std::function<ProcessResult(std::vector<std::string>)>;

  SubmodulePointers(const project::Services& services, const InnerRepositories& inner, Git git)
      : services_(services), inner_(inner), git_(std::move(git)) {}

  /// From `git diff --raw --no-renames -z`: the submodules that are new or point elsewhere.
  static std::vector<SubmodulePointer> changed(const std::string& raw_diff);

  /// Nothing when the submodule's remote has the commit: by what is known here, else it is asked. Otherwise
  /// a sentence that says why it cannot be proposed. The place of the submodule is told by the index.
  std::optional<std::string> why_not_published(const SubmodulePointer& pointer) const;

  /// A sentence when a submodule, at any depth, is at another commit than its pointer says and that commit
  /// is on no remote: work that the branch cannot show.
  /// `links` are the submodules of the branch, and `changed` the pointers that it changes.
  std::optional<std::string> work_beside_the_branch(const std::vector<SubmoduleLink>& links,
                                                    const std::vector<SubmodulePointer>& changed) const;

 private:
  std::optional<std::string> unpublished(const SubmoduleLink& link, bool also_unmoved) const;
  std::optional<std::string> unpublished_inside(const std::string& path, bool is_new) const;
  std::optional<std::string> url_of(const std::string& path) const;
  std::string setting(const std::string& key) const;
  std::string absolute(const std::string& url) const;
  std::optional<std::string> ask_remote(const std::string& url, const git::ObjectId& commit) const;

  const project::Services& services_;
  const InnerRepositories& inner_;
  Git git_;
};

}  // namespace changeling::run
