#include "store/state_merge.hpp"

#include <fmt/format.h>

#include <set>

#include "git/pack_writer.hpp"
#include "store/merged_records.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/task_records.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

/// Up to so many edits each tree becomes a file of its own; beyond, all of them become one pack.
constexpr std::size_t most_loose_edits = 200;

bool are_different(const std::string& path, const RecordVersions& versions) {
  const RecordKind* const kind = record_kind_at(path);
  return kind != nullptr && kind->are_different != nullptr &&
         kind->are_different(*versions.ours, *versions.published, path);
}

class TreeMerge {
 public:
  TreeMerge(git::Repository& repository, const git::ObjectId& published)
      : repository_(repository), records_(repository, published) {}

  void take(const git::BlobChange& change) {
    if (change.oddity) return take_oddity(change);
    const auto published = repository_.find_file(records_.published(), change.path);
    if (change.after == published) return;
    if (change.before == published) {
      removed_task_ |= !change.after && record_kind_at(change.path) == &task_kind;
      return records_.set(change.path, change.after);
    }
    const RecordVersions versions{text_of(change.before), text_of(change.after), text_of(published)};
    if (!versions.base && versions.ours && versions.published && are_different(change.path, versions)) {
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
    drop_missing_links(records_, base, published_changes);
    break_cycles(records_, warnings_);
  }

  StateMerge finish() {
    std::map<std::string, git::FileEdit> edits = std::move(oddities_);
    for (const auto& [path, blob] : records_.edits()) edits.emplace(path, git::FileEdit(blob, false));
    make_room(edits);
    if (edits.size() <= most_loose_edits)
      return {repository_.edit_tree(records_.published(), edits), std::move(warnings_)};
    git::PackWriter pack(repository_);
    git::ObjectId tree = pack.edit_tree(records_.published(), edits);
    pack.finish();
    return {std::move(tree), std::move(warnings_)};
  }

 private:
  /// A link or a submodule of our side is no record. It stays only where the other side has nothing.
  void take_oddity(const git::BlobChange& change) {
    if (repository_.entry_kind(records_.published(), change.path)) return;
    git::FileEdit edit(change.oddity->id, false);
    edit.kind = change.oddity->kind;
    oddities_.emplace(change.path, edit);
  }

  /// Where one side has a file and the other a folder, the record is what counts: our files below a published
  /// record are left out, and a published folder gives way to our record.
  void make_room(std::map<std::string, git::FileEdit>& edits) {
    std::map<std::string, git::FileEdit> in_the_way;
    for (auto edit = edits.begin(); edit != edits.end();) {
      if (const auto file = published_file_above(edit->first)) {
        warnings_.push_back(
            fmt::format("{}: left out, because {} is a file", valid_utf8(edit->first), *file));
        edits.erase(edit++);
        // To make room for the folder our side had removed the record.
        const auto removal = edits.find(*file);
        if (removal != edits.end() && !removal->second.blob) {
          if (edit == removal) ++edit;
          edits.erase(removal);
        }
        continue;
      }
      const auto kind = repository_.entry_kind(records_.published(), edit->first);
      if (edit->second.blob && kind == git::EntryKind::Folder) {
        const Snapshot published = Snapshot::of_tree(repository_, records_.published());
        for (const std::string& path : published.files_below(edit->first))
          in_the_way.emplace(path, git::FileEdit(std::nullopt));
      }
      ++edit;
    }
    edits.merge(in_the_way);
  }

  /// The part of the path that is a folder for us and something else for them.
  std::optional<std::string> published_file_above(const std::string& path) const {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      const auto kind = repository_.entry_kind(records_.published(), path.substr(0, slash));
      if (!kind) return std::nullopt;
      if (*kind != git::EntryKind::Folder) return valid_utf8(path.substr(0, slash));
    }
    return std::nullopt;
  }

  std::optional<std::string> text_of(const std::optional<git::ObjectId>& blob) const {
    return blob ? std::optional(repository_.read_blob(*blob)) : std::nullopt;
  }

  git::Repository& repository_;
  MergedRecords records_;
  std::vector<std::string> warnings_;
  std::map<std::string, git::FileEdit> oddities_;    ///< Our links and submodules.
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
