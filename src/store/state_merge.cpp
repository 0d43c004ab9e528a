#include "store/state_merge.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "git/pack_writer.hpp"
#include "store/merged_records.hpp"
#include "store/pull_request_record.hpp"
#include "store/record_merge.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

/// Up to so many edits each tree becomes a file of its own; beyond, all of them become one pack.
constexpr std::size_t most_loose_edits = 200;

/// Whether the two texts are different pull requests that happen to have one number.
bool are_different_pulls(const std::string& path, const std::string& ours, const std::string& published) {
  try {
    return pull_request_from_json(parse_json(ours, path), path).branch !=
           pull_request_from_json(parse_json(published, path), path).branch;
  } catch (const Error&) {
    return false;
  }
}

class TreeMerge {
 public:
  TreeMerge(git::Repository& repository, const git::ObjectId& published)
      : repository_(repository), records_(repository, published) {}

  void take(const git::BlobChange& change) {
    const auto published = repository_.find_file(records_.published(), change.path);
    if (change.after == published) return;
    if (change.before == published) {
      removed_task_ |= !change.after && change.path.starts_with(tasks_folder);
      return records_.set(change.path, change.after);
    }
    const RecordVersions versions{text_of(change.before), text_of(change.after), text_of(published)};
    if (change.path.starts_with("pulls/") && !versions.base && versions.ours && versions.published &&
        are_different_pulls(change.path, *versions.ours, *versions.published)) {
      double_pulls_.emplace(change.path, *versions.ours);
      return;
    }
    const MergedRecord merged = merge_record(change.path, versions);
    if (!merged.warning.empty()) warnings_.push_back(merged.warning);
    if (merged.content == versions.published) return;
    if (merged.content) {
      records_.write(change.path, *merged.content);
    } else {
      records_.set(change.path, std::nullopt);
    }
  }

  void repair(const std::optional<git::ObjectId>& base) {
    renumber_pull_requests(records_, double_pulls_, warnings_);
    std::set<std::string> published_changes;
    if (removed_task_) {
      repository_.compare_trees(base, records_.published(), std::string(tasks_folder),
                                [&](const git::BlobChange& change) {
                                  if (change.after) published_changes.insert(change.path);
                                });
    }
    drop_missing_blockers(records_, published_changes);
    break_cycles(records_, warnings_);
  }

  StateMerge finish() {
    std::map<std::string, git::FileEdit> edits;
    for (const auto& [path, blob] : records_.edits())
      edits.emplace_hint(edits.end(), path, git::FileEdit(blob, false));
    if (edits.size() <= most_loose_edits)
      return {repository_.edit_tree(records_.published(), edits), std::move(warnings_)};
    git::PackWriter pack(repository_);
    git::ObjectId tree = pack.edit_tree(records_.published(), edits);
    pack.finish();
    return {std::move(tree), std::move(warnings_)};
  }

 private:
  std::optional<std::string> text_of(const std::optional<git::ObjectId>& blob) const {
    return blob ? std::optional(repository_.read_blob(*blob)) : std::nullopt;
  }

  git::Repository& repository_;
  MergedRecords records_;
  std::vector<std::string> warnings_;
  std::map<std::string, std::string> double_pulls_;  ///< Path and our text.
  bool removed_task_ = false;
};

}  // namespace

StateMerge merge_states(git::Repository& repository, const std::optional<git::ObjectId>& base,
                        const git::ObjectId& ours, const git::ObjectId& published) {
  TreeMerge merge(repository, published);
  repository.compare_trees(base, ours, "", [&](const git::BlobChange& change) { merge.take(change); });
  merge.repair(base);
  return merge.finish();
}

}  // namespace changeling::store
