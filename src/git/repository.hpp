#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/new_commit.hpp"
#include "git/object_id.hpp"
#include "git/repository_place.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/error.hpp"

namespace changeling::git {

struct CommitInfo {
  ObjectId id;
  ObjectId tree;
  std::vector<ObjectId> parents;
  Identity author;
  Timestamp committed_at;
  std::string message;

  std::string subject() const;
  /// The value of the `Key: value` line with this key in the final paragraph, when that paragraph is one of
  /// trailers alone, as we write it. Nothing when two lines have the key: then one of them is a value's.
  std::optional<std::string> trailer(std::string_view key) const;
};

/// A file or folder directly inside a tree.
struct TreeEntry {
  std::string name;
  ObjectId id;
  bool is_tree = false;
};

/// What lies at a path of a tree.
enum class EntryKind { File, Folder, Link, Submodule };

struct FileChange {
  enum class Kind { Added, Modified, Deleted, Renamed, TypeChanged };
  std::string path;      ///< The new path of a rename.
  std::string old_path;  ///< Same as path but for a rename.
  Kind kind = Kind::Modified;
  std::size_t added_lines = 0;
  std::size_t deleted_lines = 0;
  bool binary = false;
};

/// What becomes of one path of a tree. An entry keeps its mode unless it was no file.
struct FileEdit {
  FileEdit(ObjectId id) : blob(std::move(id)) {}  // NOLINT(google-explicit-constructor): a blob is an edit
  FileEdit(std::nullopt_t) {}                     // NOLINT(google-explicit-constructor): so is no blob
  FileEdit(std::optional<ObjectId> id, bool is_new) : blob(std::move(id)), must_be_new(is_new) {}

  std::optional<ObjectId> blob;      ///< Nothing removes the path, if it is there.
  bool must_be_new = false;          ///< The path must not exist yet.
  EntryKind kind = EntryKind::File;  ///< Of what is put there: not a Folder.
};

/// Thrown when a path that must be new exists.
class PathExists : public Error {
 public:
  explicit PathExists(std::string path)
      : Error(ErrorKind::Conflict, path + " exists already"), path_(std::move(path)) {}
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A file that differs between two trees; nothing where it does not exist.
struct BlobChange {
  /// A symbolic link or a submodule.
  struct Oddity {
    ObjectId id;
    EntryKind kind;
  };
  std::string path;
  std::optional<ObjectId> before;
  std::optional<ObjectId> after;
  std::optional<Oddity> oddity;  ///< What lies there afterwards and is no file; then there is no `after`.
};

/// An atomic change of a reference either happened or found another value than the expected one.
enum class SwapResult { Swapped, Moved };

/// For a machine without an identity.
inline const Identity fallback_identity{"git-changeling", "git-changeling@localhost"};

/// One open repository. All libgit2 calls for it go through here; not to be shared between threads.
/// Every function throws Error(Git) with libgit2's own message when the repository cannot be read or
/// written, besides what is said on it.
class Repository {
 public:
  /// Finds the repository that `start` is in: a work tree or a folder below it, a linked worktree, a bare
  /// repository, a `.git` folder. Throws Error(NotFound) when there is none, and Error(Refused) with a hint
  /// for repositories that libgit2 1.5 cannot read (SHA-256, reftable, unknown extensions), or that belong to
  /// somebody else and git does not accept either (safe.directory).
  /// `environment` is asked for what git takes from it: GIT_DIR, GIT_WORK_TREE, GIT_CEILING_DIRECTORIES, an
  /// identity, and configuration (GIT_CONFIG_PARAMETERS, GIT_CONFIG_COUNT, GIT_CONFIG_GLOBAL, …).
  static Repository discover(const std::filesystem::path& start,
                             const Environment& environment = Environment());

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  bool is_bare() const;
  const RepositoryPlace& place() const;
  /// Whether history ends at a boundary, as after `git clone --depth`. Asked anew each time: a fetch may have
  /// brought the rest.
  bool is_shallow() const;
  /// The commits at that boundary; empty without one.
  std::vector<ObjectId> shallow_boundary() const;
  /// Whether objects may be missing because they were not fetched (`git clone --filter`).
  bool is_partial() const;
  /// The folder shared by all worktrees: ".git" of the main work tree, or the bare repository. Canonical.
  const std::filesystem::path& common_directory() const;
  /// The work tree that discover() was called in; nothing for a bare repository.
  std::optional<std::filesystem::path> work_tree() const;
  /// What a person calls this repository: the main work tree's folder name, or the bare one without ".git".
  std::string display_name() const;

  // Configuration (git config, all levels). Keys as git writes them, such as "changeling.ref".
  std::optional<std::string> config(const std::string& key) const;
  std::vector<std::string> config_all(const std::string& key) const;
  /// Key and value of everything in one section, weakest level first. Section and variable of a key are in
  /// lower case, a subsection stays as written.
  std::vector<std::pair<std::string, std::string>> config_section(const std::string& section) const;
  bool config_bool(const std::string& key, bool otherwise) const;
  std::optional<std::int64_t> config_integer(const std::string& key) const;
  void set_config(const std::string& key, const std::string& value);
  /// Adds a value to a multi-valued key of the repository's own file unless that value is there already.
  void add_config(const std::string& key, const std::string& value);
  /// Removes that value of the key, and no other one, from the repository's own file.
  void remove_config(const std::string& key, const std::string& value);

  /// What the files of configuration say, all levels, weakest first.
  std::vector<std::pair<std::string, std::string>> configuration_of_files() const;
  /// From now on every setting is what it is now, whatever is written to the files, but for
  /// changeling.disabled: it stops what is under way.
  void freeze_configuration();
  void thaw_configuration();

  /// Who commits here, as `git var GIT_AUTHOR_IDENT` says it. A machine without an identity can still work:
  /// what git cannot find is taken from fallback_identity, unless user.useConfigOnly forbids guesses:
  /// Error(Refused).
  Identity user_identity() const;

  // References.
  /// Peeled to a commit; nothing when it does not exist.
  std::optional<ObjectId> resolve(const std::string& reference) const;
  /// What a symbolic reference such as "refs/remotes/origin/HEAD" points to; nothing when it does not exist
  /// or is none.
  std::optional<std::string> symbolic_target(const std::string& reference) const;
  /// Any revision that `git rev-parse` knows, peeled to a commit; nothing when it does not resolve.
  std::optional<ObjectId> resolve_revision(const std::string& revision) const;
  /// The branch HEAD is on ("main"), also while it has no commit; nothing when detached.
  std::optional<std::string> current_branch() const;
  /// Full reference names that start with `prefix`, sorted.
  std::vector<std::string> references(const std::string& prefix) const;
  /// What every reference names that is not a symbolic one: tags as they are, not peeled.
  std::map<std::string, ObjectId> reference_targets() const;
  /// Moves `reference` from `expected` to `desired`. With nothing expected it must not exist; libgit2 1.5
  /// checks that before it takes its lock, so creators of one name need a lock of their own.
  SwapResult compare_and_swap(const std::string& reference, const std::optional<ObjectId>& expected,
                              const ObjectId& desired, const std::string& log_message);
  /// Deletes the reference if it still is at `expected`.
  SwapResult remove_reference(const std::string& reference, const ObjectId& expected);
  /// Names of the remotes that have an address, sorted.
  std::vector<std::string> remotes() const;
  /// Where git fetches from, after url.*.insteadOf; nothing when there is no such remote.
  std::optional<std::string> remote_url(const std::string& remote) const;

  // Objects.
  CommitInfo commit(const ObjectId& id) const;
  /// First-parent-or-all history from `tip`, newest first, at most `limit` (0: all).
  std::vector<CommitInfo> history(const ObjectId& tip, std::size_t limit) const;
  /// Entries of the folder `path` ("" is the root) in the tree of `commit`; empty when it does not exist.
  std::vector<TreeEntry> list_tree(const ObjectId& tree, const std::string& path) const;
  /// The blob of the file, or nothing when there is no such file.
  std::optional<ObjectId> find_file(const ObjectId& tree, const std::string& path) const;
  /// Nothing when there is no such path.
  std::optional<EntryKind> entry_kind(const ObjectId& tree, const std::string& path) const;
  /// The bytes of the file, or nothing when there is no such file.
  std::optional<std::string> read_file(const ObjectId& tree, const std::string& path) const;
  std::string read_blob(const ObjectId& blob) const;
  ObjectId write_blob(std::string_view content);
  ObjectId empty_tree();
  /// A tree like `base` with each path set to a blob, or removed (nothing). Folders that become empty go.
  /// Throws Error(Invalid) when a path would need a file to be a folder or the other way round, and
  /// PathExists.
  ObjectId edit_tree(const ObjectId& base, const std::map<std::string, FileEdit>& edits);
  /// Whether the object is there.
  bool has_object(const ObjectId& id) const;
  /// Calls `on_change` with every file below `folder` whose blob differs between the two trees, and with
  /// every link and submodule that was not there before, in git's order. A tree that is nothing is empty.
  /// Folders that are equal are not read, so the cost follows the difference.
  void compare_trees(const std::optional<ObjectId>& from, const std::optional<ObjectId>& to,
                     const std::string& folder,
                     const std::function<void(const BlobChange&)>& on_change) const;
  ObjectId create_commit(const ObjectId& tree, const std::vector<ObjectId>& parents, const Identity& author,
                         Timestamp time, const std::string& message);

  // Comparing commits.
  bool is_ancestor(const ObjectId& ancestor, const ObjectId& descendant) const;
  std::optional<ObjectId> merge_base(const ObjectId& one, const ObjectId& two) const;
  std::vector<FileChange> changes(const ObjectId& from_commit, const ObjectId& to_commit) const;
  /// Unified diff between two commits, coloured by the caller if at all.
  std::string diff_text(const ObjectId& from_commit, const ObjectId& to_commit) const;
  /// git's patch id of the whole difference (`git patch-id --stable`): equal for identical changes on
  /// different bases. Nothing when there is no difference.
  std::optional<std::string> patch_id(const ObjectId& from_commit, const ObjectId& to_commit) const;

 private:
  friend class PackWriter;
  struct State;
  explicit Repository(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether `name` can be the last part of a reference (git check-ref-format rules).
bool is_valid_reference_component(std::string_view name);

}  // namespace changeling::git
