#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "git/loose_object.hpp"
#include "git/raw_tree.hpp"
#include "git/repository_state.hpp"
#include "git/shallow_history.hpp"
#include "support/error.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

Timestamp commit_time(const git_commit* commit) {
  return Timestamp(std::chrono::seconds(git_commit_time(commit)));
}

}  // namespace

CommitHandle Repository::State::lookup_commit(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  CommitHandle commit;
  check(git_commit_lookup(out(commit), raw(), &oid), "read commit " + id.short_hex());
  return commit;
}

TreeHandle Repository::State::lookup_tree(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  TreeHandle tree;
  check(git_tree_lookup(out(tree), raw(), &oid), "read tree " + id.short_hex());
  return tree;
}

TreeHandle Repository::State::commit_tree(const ObjectId& id) const {
  TreeHandle tree;
  check(git_commit_tree(out(tree), lookup_commit(id).get()), "read the tree of " + id.short_hex());
  return tree;
}

git_odb* Repository::State::database() const {
  if (!object_database) check(git_repository_odb(out(object_database), raw()), "open the objects");
  return object_database.get();
}

TreeCache& Repository::State::trees() const {
  if (!tree_cache) tree_cache.emplace(database());
  return *tree_cache;
}

git_oid Repository::State::write_object(git_object_t type, std::string_view content) const {
  const SharedUmask rights(shared_umask);
  const git_oid id = write_loose_object(common_directory / "objects", type, content);
  fresh_objects.note(id, type, content);
  return id;
}

std::string CommitInfo::subject() const {
  return std::string(trim(message.substr(0, message.find('\n'))));
}

constexpr std::string_view key_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

std::optional<std::string> CommitInfo::trailer(std::string_view key) const {
  const std::string_view text = trim(message);
  const auto paragraph = text.rfind("\n\n");
  if (paragraph == std::string_view::npos) return std::nullopt;
  std::optional<std::string> value;
  for (const std::string& line : split_lines(text.substr(paragraph + 2))) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string::npos ||
        line.substr(0, colon).find_first_not_of(key_letters) != std::string::npos)
      return std::nullopt;
    if (line.substr(0, colon) != key) continue;
    if (value) return std::nullopt;
    value = std::string(trim(std::string_view(line).substr(colon + 1)));
  }
  return value;
}

CommitInfo Repository::commit(const ObjectId& id) const {
  const CommitHandle commit = state_->lookup_commit(id);
  std::vector<ObjectId> parents;
  // As git tells it: what lies at the boundary of a shallow clone has none.
  const auto boundary = is_shallow() ? shallow_boundary() : std::vector<ObjectId>{};
  const bool is_cut_off = std::find(boundary.begin(), boundary.end(), id) != boundary.end();
  for (unsigned index = 0; !is_cut_off && index < git_commit_parentcount(commit.get()); ++index) {
    parents.push_back(from_oid(*git_commit_parent_id(commit.get(), index)));
  }
  const git_signature* author = git_commit_author(commit.get());
  return CommitInfo{id,
                    from_oid(*git_commit_tree_id(commit.get())),
                    std::move(parents),
                    Identity{author->name, author->email},
                    commit_time(commit.get()),
                    git_commit_message(commit.get())};
}

std::vector<CommitInfo> Repository::history(const ObjectId& tip, std::size_t limit) const {
  std::vector<CommitInfo> commits;
  if (is_shallow()) {
    for (const ObjectId& id : ShallowHistory(state_->raw()).from(tip)) {
      if (limit != 0 && commits.size() == limit) break;
      commits.push_back(commit(id));
    }
    return commits;
  }
  RevisionWalkHandle walk;
  check(git_revwalk_new(out(walk), state_->raw()), "walk the history");
  check(git_revwalk_sorting(walk.get(), GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME), "sort the history");
  const git_oid start = to_oid(tip);
  check(git_revwalk_push(walk.get(), &start), "walk the history");
  git_oid oid;
  while ((limit == 0 || commits.size() < limit) && git_revwalk_next(&oid, walk.get()) == 0) {
    commits.push_back(commit(from_oid(oid)));
  }
  return commits;
}

std::vector<TreeEntry> Repository::list_tree(const ObjectId& tree, const std::string& path) const {
  TreeHandle folder = state_->lookup_tree(tree);
  if (!path.empty()) {
    TreeEntryHandle entry;
    const int code = git_tree_entry_bypath(out(entry), folder.get(), path.c_str());
    if (code == GIT_ENOTFOUND || (code == 0 && git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE))
      return {};
    check(code, "read folder " + path);
    const git_oid* oid = git_tree_entry_id(entry.get());
    TreeHandle below;
    check(git_tree_lookup(out(below), state_->raw(), oid), "read folder " + path);
    folder = std::move(below);
  }
  std::vector<TreeEntry> entries;
  for (std::size_t index = 0; index < git_tree_entrycount(folder.get()); ++index) {
    const git_tree_entry* entry = git_tree_entry_byindex(folder.get(), index);
    entries.push_back(TreeEntry{git_tree_entry_name(entry), from_oid(*git_tree_entry_id(entry)),
                                git_tree_entry_type(entry) == GIT_OBJECT_TREE});
  }
  return entries;
}

std::optional<ObjectId> Repository::find_file(const ObjectId& tree, const std::string& path) const {
  std::optional<RawTree> holder;
  const auto entry = find_entry(state_->trees(), to_oid(tree), path, holder);
  return entry && entry->is_file() ? std::optional(from_oid(entry->id)) : std::nullopt;
}

std::optional<EntryKind> Repository::entry_kind(const ObjectId& tree, const std::string& path) const {
  std::optional<RawTree> holder;
  const auto entry = find_entry(state_->trees(), to_oid(tree), path, holder);
  return entry ? std::optional(entry->kind()) : std::nullopt;
}

std::optional<std::string> Repository::read_file(const ObjectId& tree, const std::string& path) const {
  const auto blob = find_file(tree, path);
  return blob ? std::optional(read_blob(*blob)) : std::nullopt;
}

std::string Repository::read_blob(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  // Few bytes on disk can be any number in memory.
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const bool has_header = git_odb_read_header(&size, &type, state_->database(), &oid) == 0;
  if (has_header && size > most_object_bytes)
    throw Error(ErrorKind::Git, fmt::format("object {} is too large: {} bytes", id.hex(), size));
  DatabaseObjectHandle object;
  check(git_odb_read(out(object), state_->database(), &oid), "read blob " + id.short_hex());
  if (git_odb_object_type(object.get()) != GIT_OBJECT_BLOB)
    throw Error(ErrorKind::Git, fmt::format("object {} is not a blob", id.hex()));
  return {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())};
}

bool Repository::has_object(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  return git_odb_exists(state_->database(), &oid) == 1;
}

ObjectId Repository::write_blob(std::string_view content) {
  return from_oid(state_->write_object(GIT_OBJECT_BLOB, content));
}

ObjectId Repository::empty_tree() {
  return from_oid(state_->write_object(GIT_OBJECT_TREE, ""));
}

ObjectId Repository::edit_tree(const ObjectId& base, const std::map<std::string, FileEdit>& edits) {
  const auto edited = edit_raw_tree(state_->trees(), to_oid(base), edits, [&](std::string_view bytes) {
    const git_oid id = state_->write_object(GIT_OBJECT_TREE, bytes);
    state_->trees().remember(id, bytes);
    return id;
  });
  return edited ? from_oid(*edited) : empty_tree();
}

ObjectId Repository::create_commit(const ObjectId& tree, const std::vector<ObjectId>& parents,
                                   const Identity& author, Timestamp time, const std::string& message) {
  SignatureHandle signature;
  check(
      git_signature_new(out(signature), author.name.c_str(), author.email.c_str(),
                        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count(), 0),
      "use the identity " + author.name + " <" + author.email + ">");
  // A tree of ours that a gc has deleted meanwhile is written again before a reference leads to it.
  if (!state_->fresh_objects.remembers(to_oid(tree)) && !has_object(tree))
    throw Error(ErrorKind::Git, fmt::format("there is no tree {}", tree.hex()));
  std::string text = fmt::format("tree {}\n", tree.hex());
  for (const ObjectId& parent : parents) text += fmt::format("parent {}\n", parent.hex());
  // libgit2 has cleaned name and e-mail of what may not be in a commit's header.
  const std::string who =
      fmt::format("{} <{}> {} +0000", signature->name, signature->email, signature->when.time);
  text += fmt::format("author {}\ncommitter {}\n\n{}", who, who, message);
  return from_oid(state_->write_object(GIT_OBJECT_COMMIT, text));
}

}  // namespace changeling::git
