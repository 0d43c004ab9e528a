#include "git/merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/private_work_tree.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

constexpr int usage_error = 129;

bool is_ancestor(const GitProgram& git, const ObjectId& ancestor, const ObjectId& descendant) {
  const ProcessResult result = git.run({"merge-base", "--is-ancestor", ancestor.hex(), descendant.hex()});
  if (result.status.success() || result.status.code == 1) return result.status.success();
  throw Error(ErrorKind::External, fmt::format("git cannot compare {} with {}: {}", ancestor.short_hex(),
                                               descendant.short_hex(), trim(result.error)));
}

[[noreturn]] void explain_no_common_commit(const GitProgram& git, const ObjectId& ours,
                                           const ObjectId& theirs) {
  const bool shallow = git.run({"rev-parse", "--is-shallow-repository"}).output == "true\n";
  throw Error(ErrorKind::Refused,
              fmt::format("{} and {} have no common commit{}", ours.short_hex(), theirs.short_hex(),
                          shallow ? " in this shallow clone" : ""),
              shallow ? "fetch the rest of the history: git fetch --unshallow"
                      : "merge by hand, if it is meant: git merge --allow-unrelated-histories");
}

MergeResult conflicts_in(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return {MergeResult::Kind::Conflicts, std::nullopt, std::move(paths)};
}

/// Throws unless git ended with "merged" (0) or "conflicts" (1).
void require_merged(const ProcessResult& result) {
  if (result.status.success() || result.status.code == 1) return;
  throw Error(ErrorKind::External, fmt::format("git cannot merge: {}", trim(last_part(result.error, 500))));
}

/// Nothing when git is older than 2.38, which cannot merge without a work tree.
std::optional<MergeResult> merge_trees(const GitProgram& git, const ObjectId& ours, const ObjectId& theirs) {
  const ProcessResult result =
      git.run({"merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours.hex(), theirs.hex()});
  if (result.status.code == usage_error) return std::nullopt;
  require_merged(result);
  std::vector<std::string> parts = nul_separated(result.output);
  if (parts.empty()) throw Error(ErrorKind::External, "git merge-tree named no tree");
  if (result.status.success())
    return MergeResult{MergeResult::Kind::Merged, ObjectId::from_hex(parts.front()), {}};
  parts.erase(parts.begin());
  return conflicts_in(std::move(parts));
}

/// `git merge` itself, where it disturbs nobody.
MergeResult merge_files(const GitProgram& git, const fs::path& common_directory, const ObjectId& ours,
                        const ObjectId& theirs) {
  const PrivateWorkTree place(git, common_directory, ours);
  const auto run = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> whole{
        "-c", "core.sparseCheckout=false", "-c", "rerere.enabled=false", "-c", "gc.auto=0",
        "-c", "maintenance.auto=false",    "-c", "user.name=nobody",     "-c", "user.email=nobody@localhost"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return run_alone(place.git(), whole);
  };
  require_merged(run({"checkout-index", "--quiet", "--all", "--force", "-u"}));
  const ProcessResult result = run({"merge", "--quiet", "--no-commit", "--no-ff", "--no-stat",
                                    "--no-autostash", "--no-verify-signatures", theirs.hex()});
  require_merged(result);
  if (result.status.success()) {
    return {MergeResult::Kind::Merged, ObjectId::from_hex(place.git().check({"write-tree"})), {}};
  }
  const ProcessResult unmerged = place.git().run({"diff", "--name-only", "--diff-filter=U", "-z"});
  require_merged(unmerged);
  auto paths = nul_separated(unmerged.output);
  if (paths.empty())
    throw Error(ErrorKind::External, fmt::format("git cannot merge: {}", trim(last_part(result.error, 500))));
  return conflicts_in(std::move(paths));
}

/// Whether programs of the user take part in merges: they may look for other files beside the one they merge.
bool has_merge_drivers(const GitProgram& git) {
  return git.run({"config", "--get-regexp", "^merge\\..*\\.driver$"}).status.success();
}

/// The attributes of a merge come from files, so the private work tree gets those that hold any.
void write_attribute_files(const PrivateWorkTree& place) {
  std::string paths;
  for (const std::string& path : nul_separated(
           place.git().check({"ls-files", "-z", "--", ".gitattributes", ":(glob)**/.gitattributes"}))) {
    paths += path + '\0';
  }
  if (paths.empty()) return;
  require_merged(run_alone(place.git(), {"checkout-index", "--quiet", "--force", "-z", "--stdin"}, paths));
}

}  // namespace

MergeResult merge(const GitProgram& git, const fs::path& common_directory, const ObjectId& ours,
                  const ObjectId& theirs, const std::optional<WorkTree>& on_ours) {
  const GitProgram plain = git.with({{"GIT_DIR", common_directory.string()}}, common_directory);
  if (is_ancestor(plain, theirs, ours)) return {};
  if (is_ancestor(plain, ours, theirs)) return {MergeResult::Kind::FastForward, std::nullopt, {}};
  if (plain.run({"merge-base", ours.hex(), theirs.hex()}).status.code == 1)
    explain_no_common_commit(plain, ours, theirs);
  std::optional<MergeResult> merged;
  if (on_ours) {
    merged = merge_trees(git_in(git, *on_ours), ours, theirs);
  } else if (!has_merge_drivers(plain)) {
    const PrivateWorkTree place(git, common_directory, ours);
    write_attribute_files(place);
    merged = merge_trees(place.git(), ours, theirs);
  }
  return merged ? *merged : merge_files(git, common_directory, ours, theirs);
}

}  // namespace changeling::git
