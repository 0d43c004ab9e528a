#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "git/raw_tree.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
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

std::string CommitInfo::subject() const {
  return std::string(trim(message.substr(0, message.find('\n'))));
}

std::optional<std::string> CommitInfo::trailer(std::string_view key) const {
  const std::string_view text = trim(message);
  const auto paragraph = text.rfind("\n\n");
  if (paragraph == std::string_view::npos) return std::nullopt;
  std::optional<std::string> value;
  for (const std::string& line : split_lines(text.substr(paragraph + 2))) {
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ':') {
      value = std::string(trim(std::string_view(line).substr(key.size() + 1)));
    }
  }
  return value;
}

CommitInfo Repository::commit(const ObjectId& id) const {
  const CommitHandle commit = state_->lookup_commit(id);
  std::vector<ObjectId> parents;
  for (unsigned index = 0; index < git_commit_parentcount(commit.get()); ++index) {
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
  RevisionWalkHandle walk;
  check(git_revwalk_new(out(walk), state_->raw()), "walk the history");
  check(git_revwalk_sorting(walk.get(), GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME), "sort the history");
  const git_oid start = to_oid(tip);
  check(git_revwalk_push(walk.get(), &start), "walk the history");
  std::vector<CommitInfo> commits;
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

std::optional<std::string> Repository::read_file(const ObjectId& tree, const std::string& path) const {
  const TreeHandle root = state_->lookup_tree(tree);
  TreeEntryHandle entry;
  const int code = git_tree_entry_bypath(out(entry), root.get(), path.c_str());
  if (code == GIT_ENOTFOUND || (code == 0 && git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB))
    return std::nullopt;
  check(code, "read " + path);
  return read_blob(from_oid(*git_tree_entry_id(entry.get())));
}

std::string Repository::read_blob(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  BlobHandle blob;
  check(git_blob_lookup(out(blob), state_->raw(), &oid), "read blob " + id.short_hex());
  return {static_cast<const char*>(git_blob_rawcontent(blob.get())),
          static_cast<std::size_t>(git_blob_rawsize(blob.get()))};
}

bool Repository::has_object(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  return git_odb_exists(state_->database(), &oid) == 1;
}

ObjectId Repository::write_blob(std::string_view content) {
  git_oid oid;
  check(git_blob_create_from_buffer(&oid, state_->raw(), content.data(), content.size()), "write a blob");
  return from_oid(oid);
}

ObjectId Repository::empty_tree() {
  TreeBuilderHandle builder;
  check(git_treebuilder_new(out(builder), state_->raw(), nullptr), "write a tree");
  git_oid oid;
  check(git_treebuilder_write(&oid, builder.get()), "write a tree");
  return from_oid(oid);
}

ObjectId Repository::edit_tree(const ObjectId& base, const std::map<std::string, FileEdit>& edits) {
  git_odb* database = state_->database();
  const auto edited = edit_raw_tree(database, to_oid(base), edits, [&](std::string_view bytes) {
    git_oid id;
    check(git_odb_write(&id, database, bytes.data(), bytes.size(), GIT_OBJECT_TREE), "write a tree");
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
  const TreeHandle tree_handle = state_->lookup_tree(tree);
  std::vector<CommitHandle> handles;
  std::vector<const git_commit*> raw;
  for (const ObjectId& parent : parents) {
    handles.push_back(state_->lookup_commit(parent));
    raw.push_back(handles.back().get());
  }
  git_oid oid;
  check(git_commit_create(&oid, state_->raw(), nullptr, signature.get(), signature.get(), nullptr,
                          message.c_str(), tree_handle.get(), raw.size(), raw.data()),
        "write a commit");
  return from_oid(oid);
}

}  // namespace changeling::git
