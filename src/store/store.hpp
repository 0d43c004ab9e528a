#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/pack_writer.hpp"
#include "git/repository.hpp"
#include "store/publisher.hpp"
#include "store/request_board.hpp"
#include "support/clock.hpp"

namespace changeling::store {

/// Format of the records, in the file `format` at the root of the state tree. A newer one is read-only.
inline constexpr int format_version = 1;
inline constexpr std::string_view default_reference = "refs/changelings/state";

/// All records as they were at one commit of the state ref. Reads lazily; valid while the repository is open.
class Snapshot {
 public:
  /// No commit: the state ref does not exist yet and everything is empty.
  Snapshot(const git::Repository& repository, std::optional<git::ObjectId> commit);
  /// The records of a tree that no commit has yet.
  static Snapshot of_tree(const git::Repository& repository, git::ObjectId tree);
  /// The same, of a commit whose tree is known.
  static Snapshot of_commit(const git::Repository& repository, git::ObjectId commit, git::ObjectId tree);

  const std::optional<git::ObjectId>& commit() const { return commit_; }
  const std::optional<git::ObjectId>& tree() const { return tree_; }
  const git::Repository& repository() const { return *repository_; }
  std::optional<std::string> read(const std::string& path) const;
  /// Names directly inside a folder, sorted; empty when it does not exist.
  std::vector<std::string> names(const std::string& folder) const;
  /// Paths of all files below a folder, sorted.
  std::vector<std::string> files_below(const std::string& folder) const;

 private:
  const git::Repository* repository_;
  std::optional<git::ObjectId> commit_;
  std::optional<git::ObjectId> tree_;
};

/// What one operation writes: each path with its new bytes, or nothing to remove it.
class Change {
 public:
  struct Edit {
    std::optional<std::string> content;  ///< To be written,
    std::optional<git::ObjectId> blob;   ///< or written before; neither removes the path.
    bool must_be_new = false;
  };

  void write(std::string path, std::string content) {
    edits_[std::move(path)] = {std::move(content), std::nullopt, false};
  }
  /// As write, but the update throws git::PathExists when the path is there.
  void create(std::string path, std::string content) {
    edits_[std::move(path)] = {std::move(content), std::nullopt, true};
  }
  /// As create, of bytes that are in the repository already, see Store::start_pack.
  void create(std::string path, git::ObjectId blob) {
    edits_[std::move(path)] = {std::nullopt, std::move(blob), true};
  }
  void remove(std::string path) { edits_[std::move(path)] = {}; }
  bool empty() const { return edits_.empty(); }
  const std::map<std::string, Edit>& edits() const { return edits_; }

 private:
  std::map<std::string, Edit> edits_;
};

/// Says who did what; becomes the subject and the trailers of the operation's commit.
struct Operation {
  std::string subject;                          ///< "run typo-sprite: opened-pr".
  std::string kind;                             ///< "run.finish"; trailer `Operation`.
  std::map<std::string, std::string> trailers;  ///< Further ones: "Changeling", "Run", "Task".
};

/// The operation with what makes its commit another one than any other clone's.
Operation to_be_published(Operation operation);

/// The repository's shared state: one reference, a commit per operation, moved by compare-and-swap.
class Store {
 public:
  /// `reference` is the value of `changeling.ref` or default_reference. `lock_file` only spreads out writers;
  /// correctness rests on the compare-and-swap.
  Store(git::Repository& repository, const Clock& clock, std::string reference, git::Identity actor,
        std::filesystem::path lock_file);
  /// The same, for an actor whose name costs something: asked for when it is first needed.
  Store(git::Repository& repository, const Clock& clock, std::string reference,
        std::function<git::Identity()> find_actor, std::filesystem::path lock_file);

  /// How commits are made from now on, for those that are to be signed; by default as plain objects.
  using CommitMaker = std::function<git::ObjectId(const git::NewCommit&)>;
  void make_commits_with(CommitMaker maker) { maker_ = std::move(maker); }

  /// Trailers of every operation from now on, besides its own: on whose behalf it is written. Nobody else
  /// writes for this store then, nor it for others.
  void mark_operations(std::map<std::string, std::string> trailers) { marks_ = std::move(trailers); }
  /// What must hold of the records that the next operation is decided on; whatever it throws keeps that
  /// operation from being written. It is asked anew in each try, and forgotten once something was written.
  using Requirement = std::function<void(const Snapshot&)>;
  void require_of_next(Requirement requirement) { requirement_ = std::move(requirement); }

  const std::string& reference() const { return reference_; }
  /// Whether an update of this object has moved the reference, or another process has for it.
  bool has_written() const { return has_written_; }
  void note_written() { has_written_ = true; }
  /// Who does what is written. May throw what finding that out throws.
  const git::Identity& actor() const;
  /// Whether `init` has been run (or a clone has fetched the state).
  bool exists() const;
  /// Throws Error(Refused) when the format is newer than this program.
  Snapshot snapshot() const;

  /// The tree of a commit of the state.
  git::ObjectId tree_of(const git::ObjectId& commit) const { return repository_.commit(commit).tree; }

  /// Creates the first commit with the `format` file. Returns false when it existed.
  bool initialize();

  /// Calls `decide` with the newest snapshot, writes what it puts into the change, and starts again when
  /// another writer was faster. `decide` must have no side effect besides its own captured result; it runs
  /// one or more times. An empty change writes nothing. Throws Error(Conflict) after too many lost races.
  void update(const Operation& operation, const std::function<void(const Snapshot&, Change&)>& decide);

  /// What `on_written` learns: the commit that an update began from, and the one it wrote.
  struct Written {
    git::ObjectId before;
    git::ObjectId commit;
  };
  /// As above, for operations that are known only when they are decided. `on_written` is called after the
  /// swap while the lock is still held, so that what follows the state can be brought forward in step; it
  /// must not throw.
  using Decide = std::function<Operation(const Snapshot&, Change&)>;
  using OnWritten = std::function<void(const Written&)>;
  void update(const Decide& decide, const OnWritten& on_written);

  /// Adds operations of others to one that is about to be written: given the state with it, returns the state
  /// with theirs. Called once for each try; must not throw.
  using Append = std::function<Snapshot(Snapshot)>;
  /// As update, by who has waited for its turn already, and perhaps with what others have asked for
  /// meanwhile. All of it is written by one move of the reference.
  void update(Turn turn, const Decide& decide, const OnWritten& on_written, const Append& append);
  /// Waits a moment for the lock, or for what its holder makes of the request, see RequestBoard.
  Turn wait_for_turn(const RequestBoard::MakeRequest& make_request = {});
  RequestBoard& board() { return board_; }
  /// Whether commits are plain objects, which one process can make in another one's name.
  bool can_write_for_others() const { return !maker_ && marks_.empty() && !requirement_; }
  /// The state after an operation, on no reference yet; nothing when it changes nothing. Without an author it
  /// is ours.
  std::optional<Snapshot> commit_operation(const Snapshot& before, const Change& change,
                                           const Operation& operation,
                                           const std::optional<git::Identity>& author = std::nullopt);

  /// As above, but the operation only happens when the remote has accepted it: it is decided, published, and
  /// then taken over here. `decide` sees what others have published before it may come to nothing or throw.
  /// Throws what Publisher throws; then nothing was written here.
  void update(const Decide& decide, const OnWritten& on_written, Publisher& publisher);
  /// The same, by who has the publisher's turn already, and with what others have asked for meanwhile.
  void update(FileLock turn, const Decide& decide, const OnWritten& on_written, Publisher& publisher,
              const Append& append);

  /// Replaces the state by one commit without a past, whose records are the present ones with the change.
  /// With a publisher the remote's state is replaced first; it must be exactly what is here.
  void begin_anew(const Decide& decide, Publisher* publisher);

  /// What bringing the published state in has come to.
  struct Integrated {
    bool changed = false;               ///< The local state has moved.
    std::vector<std::string> warnings;  ///< See StateMerge.
  };
  /// Brings `published`, a commit of the state that a remote has, into the local state: nothing to do,
  /// forward, or a merge by merge_states. `known` is what the remote had when we last looked; a published
  /// state that begins a new epoch (epoch.hpp) has no history in common with ours, and is compared with that.
  Integrated integrate(const git::ObjectId& published, const std::optional<git::ObjectId>& known,
                       const std::string& remote);

  /// For writing many records ahead of the update that names them (Change::create): packed, and without
  /// keeping other writers waiting.
  git::PackWriter start_pack() { return git::PackWriter(repository_); }

 private:
  /// One try; false when another writer was faster.
  bool try_update(const Decide& decide, const OnWritten& on_written, const Append& append,
                  std::string& subject);
  /// What a decision comes to once the requirement holds.
  Operation decided(const Decide& decide, const Snapshot& snapshot, Change& change) const;
  /// An operation was written.
  void note_swapped();
  std::string commit_message(const Operation& operation) const;
  git::ObjectId write_tree(const git::ObjectId& base, const Change& change);
  git::ObjectId make_commit(const git::ObjectId& tree, const std::vector<git::ObjectId>& parents,
                            const std::string& message);
  git::ObjectId make_commit(const git::NewCommit& commit);

  void check_format(const Snapshot& snapshot) const;

  git::Repository& repository_;
  const Clock& clock_;
  mutable std::optional<git::ObjectId> accepted_format_;  ///< A format file that was read and found good.
  bool has_written_ = false;
  std::string reference_;
  std::function<git::Identity()> find_actor_;
  mutable std::optional<git::Identity> actor_;  ///< Once it was found.
  CommitMaker maker_;                           ///< Empty: as plain objects.
  std::map<std::string, std::string> marks_;
  Requirement requirement_;  ///< Of the next operation, or empty.
  std::filesystem::path lock_file_;
  RequestBoard board_;
};

}  // namespace changeling::store
