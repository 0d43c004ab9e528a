#include "git/raw_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

constexpr std::string_view file_mode = "100644";
constexpr std::string_view folder_mode = "40000";
constexpr std::string_view link_mode = "120000";
constexpr std::string_view submodule_mode = "160000";

std::string_view mode_of(EntryKind kind) {
  if (kind == EntryKind::Link) return link_mode;
  return kind == EntryKind::Submodule ? submodule_mode : file_mode;
}

void check_name(std::string_view name, std::string_view path) {
  if (name.empty() || name == "." || name == ".." || to_lower(name) == ".git" ||
      name.find('\0') != std::string_view::npos) {
    throw Error(ErrorKind::Invalid, fmt::format("'{}' cannot be a path in a tree", path));
  }
}

/// Removed entries stay in the list until the end, so that its order can be searched.
struct EditedEntry : RawTreeEntry {
  bool removed = false;
};

using EditIterator = std::map<std::string, FileEdit>::const_iterator;

/// Edits one folder and, below it, those that the paths lead into.
class FolderEditor {
 public:
  FolderEditor(TreeCache& cache, const WriteTree& write) : cache_(cache), write_(write) {}

  /// `depth` is the length of the folder's path with its '/'; all edits of the range lie below it.
  std::optional<git_oid> edit(const git_oid* base, EditIterator first, EditIterator last, std::size_t depth) {
    std::optional<RawTree> tree;
    std::vector<EditedEntry> entries;
    if (base != nullptr) {
      for (const RawTreeEntry& entry : tree.emplace(cache_, *base).entries()) entries.push_back({entry});
    }
    const std::size_t known = entries.size();
    std::vector<EditIterator> after_folders;
    while (first != last) {
      const std::string_view path = first->first;
      const std::size_t slash = path.find('/', depth);
      const std::string_view name = path.substr(depth, slash - depth);
      check_name(name, path);
      if (slash == std::string_view::npos) {
        const EditedEntry* present = find(entries, known, name);
        if (first->second.blob && present != nullptr && present->is_tree()) {
          after_folders.push_back(first);  // The edits below may empty it.
        } else {
          edit_file(entries, known, path, name, first->second);
        }
        ++first;
        continue;
      }
      const std::string_view folder = path.substr(0, slash + 1);
      const auto end = std::find_if(
          first, last, [&](const auto& edit) { return !std::string_view(edit.first).starts_with(folder); });
      edit_folder(entries, known, name, first, end, folder);
      first = end;
    }
    for (const EditIterator& edit : after_folders)
      edit_file(entries, known, edit->first, std::string_view(edit->first).substr(depth), edit->second);
    std::erase_if(entries, [](const EditedEntry& entry) { return entry.removed; });
    if (entries.empty()) return std::nullopt;
    if (!std::is_sorted(entries.begin(), entries.end(), comes_before))
      std::sort(entries.begin(), entries.end(), comes_before);
    return write_(bytes_of(entries));
  }

 private:
  /// Among the entries the folder had and those added since; nothing is added twice.
  static EditedEntry* find(std::vector<EditedEntry>& entries, std::size_t known, std::string_view name) {
    const auto old_end = entries.begin() + static_cast<std::ptrdiff_t>(known);
    for (const std::string_view mode : {file_mode, folder_mode}) {
      const auto found =
          std::lower_bound(entries.begin(), old_end, RawTreeEntry{mode, name, {}}, comes_before);
      if (found != old_end && found->name == name && !found->removed) return &*found;
    }
    // Paths come sorted, so what was added for this name came last or, with names in between, not long ago.
    const auto added = std::find_if(entries.rbegin(), entries.rend() - static_cast<std::ptrdiff_t>(known),
                                    [&](const EditedEntry& entry) { return entry.name <= name; });
    const bool found = added != entries.rend() - static_cast<std::ptrdiff_t>(known) && added->name == name;
    return found ? &*added : nullptr;
  }

  static void edit_file(std::vector<EditedEntry>& entries, std::size_t known, std::string_view path,
                        std::string_view name, const FileEdit& edit) {
    EditedEntry* entry = find(entries, known, name);
    if (!edit.blob) {
      if (entry != nullptr) entry->removed = true;
      return;
    }
    if (entry != nullptr && entry->is_tree())
      throw Error(ErrorKind::Invalid, fmt::format("'{}' is a folder, not a file", path));
    if (entry != nullptr && edit.must_be_new) throw PathExists(std::string(path));
    if (entry == nullptr) entry = &entries.emplace_back(EditedEntry{{file_mode, name, {}}});
    if (edit.kind != entry->kind()) entry->mode = mode_of(edit.kind);
    entry->id = to_oid(*edit.blob);
  }

  void edit_folder(std::vector<EditedEntry>& entries, std::size_t known, std::string_view name,
                   EditIterator first, EditIterator last, std::string_view folder) {
    const EditedEntry* before = find(entries, known, name);
    if (before != nullptr && !before->is_tree()) {
      // Nothing lies below a file, so there is nothing to remove.
      if (std::all_of(first, last, [](const auto& edit) { return !edit.second.blob; })) return;
      throw Error(ErrorKind::Invalid,
                  fmt::format("'{}' is a file, not a folder", folder.substr(0, folder.size() - 1)));
    }
    const auto id = edit(before == nullptr ? nullptr : &before->id, first, last, folder.size());
    EditedEntry* entry = find(entries, known, name);
    if (!id) {
      if (entry != nullptr) entry->removed = true;
      return;
    }
    if (entry == nullptr) entry = &entries.emplace_back(EditedEntry{{folder_mode, name, {}}});
    entry->id = *id;
  }

  static std::string bytes_of(const std::vector<EditedEntry>& entries) {
    std::string bytes;
    std::size_t size = 0;
    for (const RawTreeEntry& entry : entries)
      size += entry.mode.size() + entry.name.size() + 2 + GIT_OID_RAWSZ;
    bytes.reserve(size);
    for (const RawTreeEntry& entry : entries) {
      bytes.append(entry.mode).append(1, ' ').append(entry.name).append(1, '\0');
      bytes.append(reinterpret_cast<const char*>(entry.id.id), GIT_OID_RAWSZ);
    }
    return bytes;
  }

  TreeCache& cache_;
  const WriteTree& write_;
};

}  // namespace

std::shared_ptr<const std::string> TreeCache::read(const git_oid& id) {
  for (const Entry& entry : entries_) {
    if (git_oid_equal(&entry.id, &id) == 1) return entry.bytes;
  }
  DatabaseObjectHandle object;
  check(git_odb_read(out(object), database_, &id), "read tree " + from_oid(id).short_hex());
  if (git_odb_object_type(object.get()) != GIT_OBJECT_TREE)
    throw Error(ErrorKind::Git, fmt::format("object {} is not a tree", from_oid(id).hex()));
  const std::string_view bytes(static_cast<const char*>(git_odb_object_data(object.get())),
                               git_odb_object_size(object.get()));
  remember(id, bytes);
  return entries_[(next_ + most_entries - 1) % most_entries].bytes;
}

void TreeCache::remember(const git_oid& id, std::string_view bytes) {
  Entry entry{id, std::make_shared<const std::string>(bytes)};
  if (entries_.size() < most_entries) {
    entries_.push_back(std::move(entry));
  } else {
    entries_[next_] = std::move(entry);
  }
  next_ = (next_ + 1) % most_entries;
}

RawTree::RawTree(TreeCache& cache, const git_oid& id) : bytes_(cache.read(id)) {
  std::string_view rest = *bytes_;
  const auto malformed = [&] {
    throw Error(ErrorKind::Git, fmt::format("object {} is not a sound tree", from_oid(id).hex()));
  };
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    const std::size_t zero = rest.find('\0');
    if (space == std::string_view::npos || zero == std::string_view::npos || space > zero ||
        zero + 1 + GIT_OID_RAWSZ > rest.size())
      malformed();
    RawTreeEntry& entry = entries_.emplace_back();
    entry.mode = rest.substr(0, space);
    entry.name = rest.substr(space + 1, zero - space - 1);
    std::memcpy(entry.id.id, rest.data() + zero + 1, GIT_OID_RAWSZ);
    rest.remove_prefix(zero + 1 + GIT_OID_RAWSZ);
  }
}

bool comes_before(const RawTreeEntry& one, const RawTreeEntry& two) {
  const std::size_t common = std::min(one.name.size(), two.name.size());
  if (const int order = std::memcmp(one.name.data(), two.name.data(), common); order != 0) return order < 0;
  const auto next = [common](const RawTreeEntry& entry) {
    if (entry.name.size() > common) return static_cast<unsigned char>(entry.name[common]);
    return static_cast<unsigned char>(entry.is_tree() ? '/' : '\0');
  };
  return next(one) < next(two);
}

std::optional<RawTreeEntry> find_entry(TreeCache& cache, const git_oid& tree, std::string_view path,
                                       std::optional<RawTree>& holder) {
  git_oid id = tree;
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    const auto& entries = holder.emplace(cache, id).entries();
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const RawTreeEntry& entry) { return entry.name == name; });
    if (found == entries.end()) return std::nullopt;
    if (slash == std::string_view::npos) return *found;
    if (!found->is_tree()) return std::nullopt;
    id = found->id;
    path.remove_prefix(slash + 1);
  }
}

std::optional<git_oid> edit_raw_tree(TreeCache& cache, const git_oid& base,
                                     const std::map<std::string, FileEdit>& edits, const WriteTree& write) {
  return FolderEditor(cache, write).edit(&base, edits.begin(), edits.end(), 0);
}

}  // namespace changeling::git
