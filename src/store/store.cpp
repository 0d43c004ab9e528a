#include "store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "git/commit_message.hpp"
#include "git/held_object.hpp"
#include "store/record_size.hpp"
#include "store/stale_lock.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr int most_attempts = 200;
/// Up to so many edits each object becomes a file of its own; beyond, all of them become one pack.
constexpr std::size_t most_loose_edits = 200;
constexpr auto lock_patience = std::chrono::milliseconds(2000);

/// `left` is how many entries may still be looked at: few bytes of git can name any number of files.
void add_files_below(const git::Repository& repository, const git::ObjectId& tree, const std::string& folder,
                     std::size_t& left, std::vector<std::string>& files) {
  const auto depth = static_cast<std::size_t>(std::count(folder.begin(), folder.end(), '/')) + 1;
  // Named as it is, for whoever says that no record can be there.
  if (!folder.empty() && depth > most_folder_depth) return files.push_back(folder);
  for (const git::TreeEntry& entry : repository.list_tree(tree, folder)) {
    if (left-- == 0)
      throw Error(ErrorKind::Invalid,
                  fmt::format("the state has more than {} files below one folder", most_folder_entries));
    const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
    if (entry.is_tree)
      add_files_below(repository, tree, path, left, files);
    else
      files.push_back(path);
  }
}

/// Nobody could read it again.
void check_sizes(const Change& change) {
  for (const auto& [path, edit] : change.edits()) {
    if (edit.content && edit.content->size() > size_limit(path))
      throw Error(ErrorKind::Invalid,
                  fmt::format("{} would be larger than {} bytes, which nobody reads", path, size_limit(path)),
                  "make it shorter");
  }
}

}  // namespace

Snapshot::Snapshot(const git::Repository& repository, std::optional<git::ObjectId> commit)
    : repository_(&repository), commit_(std::move(commit)) {
  if (commit_) tree_ = repository.commit(*commit_).tree;
}

Snapshot Snapshot::of_tree(const git::Repository& repository, git::ObjectId tree) {
  Snapshot snapshot(repository, std::nullopt);
  snapshot.tree_ = std::move(tree);
  return snapshot;
}

Snapshot Snapshot::of_commit(const git::Repository& repository, git::ObjectId commit, git::ObjectId tree) {
  Snapshot snapshot = of_tree(repository, std::move(tree));
  snapshot.commit_ = std::move(commit);
  return snapshot;
}

std::optional<std::string> Snapshot::read(const std::string& path) const {
  if (!tree_) return std::nullopt;
  auto text = repository_->read_file(*tree_, path);
  if (text && text->size() > size_limit(path))
    throw Error(ErrorKind::Invalid, fmt::format("{}: it is larger than {} bytes", path, size_limit(path)));
  return text;
}

std::vector<std::string> Snapshot::names(const std::string& folder) const {
  std::vector<std::string> names;
  if (!tree_) return names;
  for (const git::TreeEntry& entry : repository_->list_tree(*tree_, folder)) names.push_back(entry.name);
  return names;
}

std::vector<std::string> Snapshot::files_below(const std::string& folder) const {
  std::vector<std::string> files;
  if (!tree_) return files;
  std::size_t left = most_folder_entries;
  add_files_below(*repository_, *tree_, folder, left, files);
  return files;
}

Store::Store(git::Repository& repository, const Clock& clock, std::string reference, git::Identity actor,
             std::filesystem::path lock_file)
    : Store(
          repository, clock, std::move(reference), [actor = std::move(actor)] { return actor; },
          std::move(lock_file)) {}

Store::Store(git::Repository& repository, const Clock& clock, std::string reference,
             std::function<git::Identity()> find_actor, std::filesystem::path lock_file)
    : repository_(repository),
      clock_(clock),
      reference_(std::move(reference)),
      find_actor_(std::move(find_actor)),
      lock_file_(std::move(lock_file)),
      board_(std::filesystem::path(lock_file_).replace_extension("board")) {}

const git::Identity& Store::actor() const {
  if (!actor_) actor_ = find_actor_();
  return *actor_;
}

git::ObjectId Store::make_commit(const git::ObjectId& tree, const std::vector<git::ObjectId>& parents,
                                 const std::string& message) {
  return make_commit({tree, parents, actor(), clock_.now(), message});
}

git::ObjectId Store::make_commit(const git::NewCommit& commit) {
  if (maker_) {
    // The git program makes it of a tree that nothing leads to yet; from then on we remember what it wrote.
    return git::make_despite_gc([&] {
      const git::HeldObject held_tree(repository_, commit.tree);
      const git::ObjectId made = maker_(commit);
      const git::HeldObject held(repository_, made);
      return made;
    });
  }
  return repository_.create_commit(commit.tree, commit.parents, commit.author, commit.time, commit.message);
}

bool Store::exists() const {
  return repository_.resolve(reference_).has_value();
}

Snapshot Store::snapshot() const {
  Snapshot snapshot(repository_, repository_.resolve(reference_));
  check_format(snapshot);
  return snapshot;
}

void Store::check_format(const Snapshot& snapshot) const {
  if (!snapshot.tree()) return;
  const auto blob = repository_.find_file(*snapshot.tree(), "format");
  if (!blob || blob == accepted_format_) return;
  const std::string text = repository_.read_blob(*blob);
  const std::string_view digits = trim(text);
  int version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw Error(ErrorKind::Invalid, fmt::format("the state's format file holds '{}', not a number", digits));
  }
  if (version > format_version) {
    throw Error(
        ErrorKind::Refused,
        fmt::format("the state is in format {}, this program knows up to {}", version, format_version),
        "install a newer git-changeling; until then everything stays as it is");
  }
  accepted_format_ = blob;
}

bool Store::initialize() {
  // The lock is what makes creating the reference exact, see Repository::compare_and_swap.
  const auto lock = FileLock::acquire(lock_file_, std::chrono::seconds(30));
  if (!lock)
    throw Error(ErrorKind::Conflict, fmt::format("{} stays locked by another process", lock_file_.string()));
  if (exists()) {
    check_format(snapshot());
    return false;
  }
  const git::ObjectId blob = repository_.write_blob(fmt::format("{}\n", format_version));
  const git::ObjectId tree = repository_.edit_tree(repository_.empty_tree(), {{"format", blob}});
  const git::ObjectId commit =
      make_commit(tree, {}, commit_message({"init: start the state of the changelings", "init", {}}));
  return repository_.compare_and_swap(reference_, std::nullopt, commit, "init") == git::SwapResult::Swapped;
}

void Store::update(const Operation& operation, const std::function<void(const Snapshot&, Change&)>& decide) {
  const auto decide_operation = [&](const Snapshot& snapshot, Change& change) {
    decide(snapshot, change);
    return operation;
  };
  update(decide_operation, {});
}

Turn Store::wait_for_turn(const RequestBoard::MakeRequest& make_request) {
  return board_.wait([&] { return FileLock::try_acquire(lock_file_); }, make_request, lock_patience);
}

void Store::update(const Decide& decide, const OnWritten& on_written) {
  update(wait_for_turn(), decide, on_written, {});
}

void Store::update(Turn turn, const Decide& decide, const OnWritten& on_written, const Append& append) {
  std::string subject;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    // Waiting in line wastes less work than losing races; after the patience the race decides.
    if (attempt > 0 && !turn.lock) turn = wait_for_turn();
    const auto tip = repository_.resolve(reference_);
    if (try_update(decide, on_written, turn.lock ? append : Append(), subject)) {
      turn.lock.reset();
      board_.wake_next();
      return;
    }
    // Nobody moved it and yet it could not be moved: a killed process may have left git's own lock.
    if (turn.lock && repository_.resolve(reference_) == tip) {
      wait_out_reference_lock(repository_.common_directory() / (reference_ + ".lock"));
    }
  }
  throw Error(ErrorKind::Conflict, fmt::format("{} kept changing; '{}' was not written", reference_, subject),
              "try again");
}

bool Store::try_update(const Decide& decide, const OnWritten& on_written, const Append& append,
                       std::string& subject) {
  const auto tip = repository_.resolve(reference_);
  if (!tip) {
    throw Error(ErrorKind::NotFound,
                fmt::format("this repository has no changelings yet ({} is missing)", reference_),
                "start with: git changeling init");
  }
  const Snapshot snapshot(repository_, tip);
  check_format(snapshot);
  Change change;
  const Operation operation = decided(decide, snapshot, change);
  subject = operation.subject;
  Snapshot last = commit_operation(snapshot, change, operation).value_or(snapshot);
  if (append) last = append(std::move(last));
  if (last.commit() == tip) return true;
  if (swap_unless_locked(repository_, reference_, tip, *last.commit(), subject) == git::SwapResult::Moved)
    return false;
  note_swapped();
  if (on_written) on_written({*tip, *last.commit()});
  return true;
}

std::optional<Snapshot> Store::commit_operation(const Snapshot& before, const Change& change,
                                                const Operation& operation,
                                                const std::optional<git::Identity>& author) {
  if (change.empty()) return std::nullopt;
  git::ObjectId tree = write_tree(*before.tree(), change);
  if (tree == *before.tree()) return std::nullopt;
  git::ObjectId commit = make_commit(
      {tree, {*before.commit()}, author ? *author : actor(), clock_.now(), commit_message(operation)});
  return Snapshot::of_commit(repository_, std::move(commit), std::move(tree));
}

Operation Store::decided(const Decide& decide, const Snapshot& snapshot, Change& change) const {
  if (requirement_) requirement_(snapshot);
  return decide(snapshot, change);
}

void Store::note_swapped() {
  has_written_ = true;
  requirement_ = {};
}

std::string Store::commit_message(const Operation& operation) const {
  std::vector<std::pair<std::string, std::string>> trailers{{"Operation", operation.kind}};
  trailers.insert(trailers.end(), operation.trailers.begin(), operation.trailers.end());
  trailers.insert(trailers.end(), marks_.begin(), marks_.end());
  return git::commit_message(operation.subject, "", trailers);
}

git::ObjectId Store::write_tree(const git::ObjectId& base, const Change& change) {
  check_sizes(change);
  std::optional<git::PackWriter> pack;
  if (change.edits().size() > most_loose_edits) pack.emplace(repository_);
  std::map<std::string, git::FileEdit> edits;
  for (const auto& [path, edit] : change.edits()) {
    std::optional<git::ObjectId> blob = edit.blob;
    if (edit.content) blob = pack ? pack->write_blob(*edit.content) : repository_.write_blob(*edit.content);
    edits.emplace_hint(edits.end(), path, git::FileEdit(std::move(blob), edit.must_be_new));
  }
  if (!pack) return repository_.edit_tree(base, edits);
  git::ObjectId tree = pack->edit_tree(base, edits);
  pack->finish();
  return tree;
}

}  // namespace changeling::store
