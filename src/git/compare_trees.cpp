#include <algorithm>
#include <limits>

#include "git/raw_tree.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
#include "support/reading_limits.hpp"

namespace changeling::git {
namespace {

/// Walks two trees side by side and reports the files that differ.
class TreeComparison {
 public:
  TreeComparison(TreeCache& cache, std::size_t most_depth, std::size_t most_entries,
                 const std::function<void(const BlobChange&)>& on_change)
      : cache_(cache), most_depth_(most_depth), left_(most_entries), on_change_(on_change) {}

  void compare(const git_oid* from, const git_oid* to, const std::string& place) {
    if (from != nullptr && to != nullptr && git_oid_equal(from, to) == 1) return;
    const auto before = entries_of(from);
    const auto after = entries_of(to);
    std::size_t left = 0;
    std::size_t right = 0;
    const auto& old_entries = before ? before->entries() : none_;
    const auto& new_entries = after ? after->entries() : none_;
    while (left < old_entries.size() || right < new_entries.size()) {
      count_entry();
      const RawTreeEntry* old_entry = left < old_entries.size() ? &old_entries[left] : nullptr;
      const RawTreeEntry* new_entry = right < new_entries.size() ? &new_entries[right] : nullptr;
      if (old_entry != nullptr && new_entry != nullptr) {
        if (comes_before(*old_entry, *new_entry)) {
          new_entry = nullptr;
        } else if (comes_before(*new_entry, *old_entry)) {
          old_entry = nullptr;
        }
      }
      if (old_entry != nullptr) ++left;
      if (new_entry != nullptr) ++right;
      compare_entries(old_entry, new_entry, place);
    }
  }

 private:
  static std::size_t depth_of(const std::string& place) {
    return static_cast<std::size_t>(std::count(place.begin(), place.end(), '/'));
  }

  /// Folders that contain each other name more files than anybody can read, in few bytes.
  void count_entry() {
    if (left_-- == 0) throw Error(ErrorKind::Invalid, "there are more files and folders than can be read");
  }

  std::optional<RawTree> entries_of(const git_oid* tree) {
    if (tree == nullptr) return std::nullopt;
    return RawTree(cache_, *tree);
  }

  /// Entries of one name, both folders or neither; at most one is missing.
  void compare_entries(const RawTreeEntry* before, const RawTreeEntry* after, const std::string& place) {
    if (before != nullptr && after != nullptr && git_oid_equal(&before->id, &after->id) == 1 &&
        before->kind() == after->kind())
      return;
    const std::string path = place + std::string((before != nullptr ? before : after)->name);
    const auto id_of = [](const RawTreeEntry* entry, bool trees) {
      return entry != nullptr && entry->is_tree() == trees ? &entry->id : nullptr;
    };
    const git_oid* old_tree = id_of(before, true);
    const git_oid* new_tree = id_of(after, true);
    // A folder that lies too deep is told of as one, and not looked into.
    const bool is_too_deep = depth_of(path) >= most_depth_;
    if (!is_too_deep && (old_tree != nullptr || new_tree != nullptr)) compare(old_tree, new_tree, path + "/");
    const auto blob_of = [](const RawTreeEntry* entry) {
      return entry != nullptr && entry->is_file() ? std::optional(from_oid(entry->id)) : std::nullopt;
    };
    BlobChange change{path, blob_of(before), blob_of(after), std::nullopt};
    if (after != nullptr && !after->is_file() && (is_too_deep || !after->is_tree()))
      change.oddity = BlobChange::Oddity{from_oid(after->id), after->kind()};
    const bool was_folder = is_too_deep && old_tree != nullptr;
    if (change.before || change.after || change.oddity || was_folder) on_change_(change);
  }

  TreeCache& cache_;
  std::size_t most_depth_;
  std::size_t left_;
  const std::function<void(const BlobChange&)>& on_change_;
  std::vector<RawTreeEntry> none_;
};

/// The tree at `folder` inside `tree`, or nothing.
std::optional<git_oid> folder_in(TreeCache& cache, const ObjectId& tree, const std::string& folder) {
  if (folder.empty()) return to_oid(tree);
  std::optional<RawTree> holder;
  const auto entry = find_entry(cache, to_oid(tree), folder, holder);
  return entry && entry->is_tree() ? std::optional(entry->id) : std::nullopt;
}

}  // namespace

void Repository::compare_trees(const std::optional<ObjectId>& from, const std::optional<ObjectId>& to,
                               const std::string& folder,
                               const std::function<void(const BlobChange&)>& on_change) const {
  TreeCache& cache = state_->trees();
  const auto before = from ? folder_in(cache, *from, folder) : std::nullopt;
  const auto after = to ? folder_in(cache, *to, folder) : std::nullopt;
  // A folder is one of records; whole trees may be people's.
  constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
  const bool of_records = !folder.empty();
  TreeComparison(cache, of_records ? most_folder_depth : any, of_records ? most_folder_entries : any,
                 on_change)
      .compare(before ? &*before : nullptr, after ? &*after : nullptr, folder.empty() ? "" : folder + "/");
}

}  // namespace changeling::git
