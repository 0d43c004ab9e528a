#include "run/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "git/alternates.hpp"
#include "git/foreign_repository.hpp"
#include "git/index_file.hpp"
#include "git/sealed_repository.hpp"
#include "run/copied_files.hpp"
#include "run/equipment_files.hpp"
#include "run/leader_git.hpp"
#include "run/lfs.hpp"
#include "run/private_files.hpp"
#include "run/refused_path.hpp"
#include "run/removal.hpp"
#include "run/room.hpp"
#include "run/special_files.hpp"
#include "run/user_drivers.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Written when a room is whole.
constexpr const char* made_mark = "made";
/// Of place(), a path a line.
constexpr const char* placed_list = "placed";

/// What is left of a worktree that the agent removes behind walls, which hold the folder itself.
bool is_empty_folder(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_directory(path, unreadable) && fs::is_empty(path, unreadable);
}

/// A folder of ours in the worktree. Git brings whatever the base commit holds under that name, and a link
/// there would make us write elsewhere.
void require_own_folder(const fs::path& path) {
  const fs::file_status status = fs::symlink_status(path);
  if (!fs::exists(status) || fs::is_directory(status)) return;
  throw Error(ErrorKind::Refused,
              fmt::format("the branch holds {}, where git changeling keeps its own files", path.string()),
              fmt::format("take it out of the branch: git rm {}", project::scratch_folder));
}

}  // namespace

Workspace::Workspace(const project::Services& services, std::string run_id, std::string branch)
    : services_(&services),
      run_id_(std::move(run_id)),
      branch_(std::move(branch)),
      path_(services.places.worktree(run_id_)),
      own_(services.places.run(run_id_).git()),
      agents_(path_ / ".git") {}

Workspace Workspace::create(const project::Services& services, const std::string& run_id,
                            const std::string& branch, const git::ObjectId& start, const std::string& base,
                            const std::optional<git::ObjectId>& base_commit) {
  create_private_directories(services.places.worktrees());
  Workspace workspace(services, run_id, branch);
  if (fs::exists(workspace.path_))
    throw Error(ErrorKind::Conflict, fmt::format("{} is there already", workspace.path_.string()));
  // What the room borrows must not be pruned, whatever becomes of branches meanwhile.
  git::Repository& repository = services.repository;
  repository.compare_and_swap(workspace.borrowed_reference("start"),
                              repository.resolve(workspace.borrowed_reference("start")), start,
                              "changeling: a run needs it");
  if (repository.compare_and_swap("refs/heads/" + branch, std::nullopt, start, "changeling: a run begins") !=
      git::SwapResult::Swapped)
    throw Error(ErrorKind::Conflict, fmt::format("the branch {} is there already", branch));
  try {
    make_room(services, {workspace.path_, workspace.own_, branch, start, base, base_commit.value_or(start)});
    write_file(workspace.own_ / made_mark, "", Outlives::Process);
  } catch (const std::exception&) {
    workspace.take_back(start);
    throw;
  }
  return workspace;
}

void Workspace::take_back(const git::ObjectId& start) const {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  fs::remove_all(own_, ignored);
  services_->repository.remove_reference("refs/heads/" + branch_, start);
  services_->repository.remove_reference(borrowed_reference("start"), start);
}

std::string Workspace::borrowed_reference(const std::string& name) const {
  return fmt::format("refs/changelings/rooms/{}/{}", run_id_, name);
}

std::optional<Workspace> Workspace::find(const project::Services& services, const std::string& run_id,
                                         const std::string& branch) {
  Workspace workspace(services, run_id, branch);
  if (!fs::exists(workspace.path_) && !fs::exists(workspace.own_)) return std::nullopt;
  return workspace;
}

ProcessResult Workspace::git(std::vector<std::string> arguments) const {
  const git::Identity& actor = services_->store.actor();
  std::vector<std::string> whole;
  for (const std::string& setting :
       {"core.excludesFile=" + services_->places.run(run_id_).excludes().string(), "user.name=" + actor.name,
        "user.email=" + actor.email}) {
    whole.insert(whole.end(), {"-c", setting});
  }
  whole.insert(whole.end(), arguments.begin(), arguments.end());
  return LeaderGit(*services_, own_, path_).run(std::move(whole));
}

std::string Workspace::checked_git(const std::vector<std::string>& arguments) const {
  ProcessResult result = git(arguments);
  if (!result.status.success())
    throw Error(ErrorKind::External, why_git_failed(arguments.front(), path_, result.error));
  while (result.output.ends_with('\n')) result.output.pop_back();
  return result.output;
}

void Workspace::write_excludes(const std::vector<std::string>& copied) const {
  std::string patterns;
  fs::path own = services_->repository.config("core.excludesFile").value_or("");
  if (own.empty()) {
    const auto configuration = services_->environment.get("XDG_CONFIG_HOME");
    own = configuration && !configuration->empty()
              ? fs::path(*configuration)
              : fs::path(services_->environment.get("HOME").value_or("")) / ".config";
    own /= "git/ignore";
  } else if (own.string().starts_with("~/")) {
    own = fs::path(services_->environment.get("HOME").value_or("")) / own.string().substr(2);
  }
  for (const fs::path& file : {own, services_->repository.common_directory() / "info/exclude"}) {
    patterns += read_file_if_exists(file).value_or("");
    if (!patterns.empty() && !patterns.ends_with('\n')) patterns += '\n';
  }
  patterns += fmt::format("/{}/\n", project::scratch_folder);
  for (const std::string& path : copied) patterns += ignore_pattern(path) + "\n";
  write_file(services_->places.run(run_id_).excludes(), patterns, Outlives::Process);
}

void Workspace::copy_from(const fs::path& work_tree, const std::vector<std::string>& paths) const {
  copy_files(work_tree, path_, paths);
}

void Workspace::write_scratch(const std::string& name, const std::string& content) const {
  require_own_folder(scratch());
  require_own_folder(artifacts());
  create_private_directories(artifacts());
  write_file(scratch() / name, content, Outlives::Process);
}

void Workspace::place(const std::map<std::string, std::string>& files,
                      const std::vector<std::string>& paths) const {
  if (paths.empty()) return;
  place_equipment(path_, files, paths);
  write_file(own_ / placed_list, join(paths, "\n"), Outlives::Process);
}

bool Workspace::is_gone() const {
  return !fs::is_directory(path_) || is_empty_folder(path_);
}

git::ObjectId Workspace::head() const {
  if (auto commit = leader_head(own_)) return *std::move(commit);
  throw Error(ErrorKind::Io, fmt::format("{} is damaged, which says where the work in {} is", own_.string(),
                                         path_.string()));
}

void Workspace::set_head(const git::ObjectId& commit) const {
  checked_git({"read-tree", "--reset", commit.hex()});
  checked_git({"update-ref", "HEAD", commit.hex()});
}

void Workspace::collect() const {
  remove_special_files(path_);
  if (!fs::exists(own_))
    throw Error(ErrorKind::Io,
                fmt::format("{} is gone, which says where the work in {} is", own_.string(), path_.string()));
  take_equipment(path_, split_lines(read_file_if_exists(own_ / placed_list).value_or("")));
  renew_leader(*services_, own_);
  keep_lfs_objects(*services_, agents_);
  const auto agents = git::read_foreign_repository(agents_);
  // One that leads elsewhere has the work of others.
  const bool is_in_the_room = agents && agents->common_directory == fs::weakly_canonical(agents_);
  if (!is_in_the_room || !agents->head) return;
  const fs::path users = services_->repository.common_directory() / "objects";
  git::borrow_objects(own_ / "objects",
                      {users.lexically_relative(own_ / "objects"), agents->common_directory / "objects"});
  const git::ObjectId before = head();
  if (has_gone_on_from(*agents->head, before)) return;
  const auto branch = agents->target("refs/heads/" + branch_);
  const bool other_branch = branch && *branch != *agents->head && *branch != before;
  if (*agents->head != before) {
    set_head(*agents->head);
    hand_over("head", *agents->head);
  }
  if (!other_branch) return;
  hand_over("branch", *branch);
  if (!services_->repository.is_ancestor(*branch, *agents->head)) left_behind_ = branch;
}

/// What was left has been committed here already, on top of what the agent has.
bool Workspace::has_gone_on_from(const git::ObjectId& agents_head, const git::ObjectId& own_head) const {
  const git::Repository& repository = services_->repository;
  return own_head != repository.resolve(borrowed_reference("start")) && own_head != agents_head &&
         repository.has_object(agents_head) && repository.is_ancestor(agents_head, own_head);
}

void Workspace::hand_over(const std::string& name, const git::ObjectId& commit) const {
  if (const auto problem = services_->git.take(own_, commit, borrowed_reference(name)))
    throw Error(ErrorKind::External,
                fmt::format("git does not take commit {} of the agent from the worktree {}: {}",
                            commit.short_hex(), path_.string(), *problem));
}

const std::vector<SubmoduleLink>& Workspace::links() const {
  const FileMark index = mark_of(own_ / "index");
  if (!known_links_ || index.inode == 0 || !(known_links_->index == index))
    known_links_ = {index, git::may_hold_links(own_ / "index")
                               ? read_links(checked_git({"ls-files", "--stage", "-z"}))
                               : std::vector<SubmoduleLink>()};
  return known_links_->links;
}

std::optional<std::string> Workspace::unfinished_operation() const {
  constexpr std::pair<const char*, const char*> marks[] = {{"MERGE_HEAD", "a merge"},
                                                           {"rebase-merge", "a rebase"},
                                                           {"rebase-apply", "a rebase"},
                                                           {"CHERRY_PICK_HEAD", "a cherry-pick"},
                                                           {"REVERT_HEAD", "a revert"}};
  for (const auto& [file, name] : marks) {
    if (fs::exists(agents_ / file)) return fmt::format("the agent left {} unfinished", name);
  }
  return std::nullopt;
}

InnerRepositories Workspace::inner() const {
  const git::ObjectId at = head();
  std::vector<git::ObjectId> known{at};
  for (const std::string& reference : {borrowed_reference("start"), "refs/heads/" + branch_}) {
    if (auto commit = services_->repository.resolve(reference)) known.push_back(std::move(*commit));
  }
  if (left_behind_) known.push_back(*left_behind_);
  return {*services_, run_id_, path_, agents_, std::move(known)};
}

SubmodulePointers Workspace::pointers(const InnerRepositories& inner) const {
  return {*services_, inner,
          [this](std::vector<std::string> arguments) { return git(std::move(arguments)); }};
}

void Workspace::unstage_unpublished_pointers(const std::string& staged) const {
  const InnerRepositories repositories = inner();
  const SubmodulePointers submodules = pointers(repositories);
  for (const SubmodulePointer& pointer : SubmodulePointers::changed(staged)) {
    if (!submodules.why_not_published(pointer)) continue;
    if (pointer.before) {
      checked_git(
          {"update-index", "--cacheinfo", fmt::format("160000,{},{}", pointer.before->hex(), pointer.path)});
    } else {
      checked_git({"update-index", "--force-remove", "--", pointer.path});
    }
  }
}

std::optional<std::string> Workspace::unpublished_submodule(const git::ObjectId& start) const {
  const InnerRepositories repositories = inner();
  const SubmodulePointers submodules = pointers(repositories);
  std::string difference;
  if (head() != start)
    difference = checked_git({"diff-tree", "-r", "--raw", "--no-abbrev", "--no-renames",
                              "--ignore-submodules=none", "-z", start.hex(), "HEAD"});
  const auto changed = SubmodulePointers::changed(difference);
  for (const SubmodulePointer& pointer : changed) {
    if (auto reason = submodules.why_not_published(pointer)) return reason;
  }
  return submodules.work_beside_the_branch(links(), changed);
}

std::vector<UncommittedFile> Workspace::uncommitted_in_submodules() const {
  if (!links().empty()) remove_special_files(path_);
  std::vector<UncommittedFile> files;
  const InnerRepositories repositories = inner();
  for (const SubmoduleLink& link : links()) {
    for (UncommittedFile& file : repositories.uncommitted_files(link.path)) files.push_back(std::move(file));
  }
  return files;
}

bool Workspace::commit_leftovers(const std::string& message) const {
  const std::string status =
      checked_git({"status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=dirty"});
  if (status.empty()) return false;
  // A repository that the agent cloned or made in the worktree would become a submodule nobody can fetch.
  // Files outside of a sparse checkout are there because the agent has made them.
  std::vector<std::string> add{"add", "--all", "--sparse", "--", "."};
  for (const std::string& path : InnerRepositories::read_status(status).repositories)
    add.push_back(":(exclude,literal)" + path);
  checked_git(add);
  const std::string staged = checked_git(
      {"diff", "--cached", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", "-z"});
  if (staged.empty()) return false;
  unstage_unpublished_pointers(staged);
  if (git({"diff", "--cached", "--quiet"}).status.success()) return false;
  // Whatever the user's configuration says about messages: a line that begins with '#' stays.
  const char* signing = services_->git.signing() == git::Signing::On ? "--gpg-sign" : "--no-gpg-sign";
  checked_git({"commit", "--quiet", "--no-verify", signing, "--cleanup=whitespace", "--message", message});
  hand_over("head", head());
  return true;
}

std::vector<std::string> Workspace::committed_private_files(const git::ObjectId& start,
                                                            const std::vector<std::string>& copied) const {
  return private_files([this](const auto& arguments) { return checked_git(arguments); },
                       fmt::format("{}..HEAD", start.hex()), copied);
}

bool Workspace::is_half_made() const {
  return fs::exists(own_) && !fs::exists(own_ / made_mark);
}

std::optional<std::string> Workspace::what_would_be_lost(
    const std::optional<git::ObjectId>& kept_commit) const {
  if (!fs::exists(path_) || is_empty_folder(path_) || is_half_made()) return std::nullopt;
  if (!fs::exists(own_)) {
    if (fs::is_empty(path_)) return std::nullopt;
    return fmt::format("nothing tells where {} comes from, so nobody can tell what in it is new",
                       path_.string());
  }
  if (auto problem = remove_special_files(path_)) return problem;
  auto status = InnerRepositories::read_status(
      checked_git({"status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=all"}));
  if (status.has_changes) return fmt::format("{} holds uncommitted changes", path_.string());
  for (const SubmoduleLink& link : links()) status.repositories.push_back(link.path);
  if (auto loss = inner().what_would_be_lost(status.repositories)) return loss;
  const git::ObjectId at = head();
  if (!kept_commit || !services_->repository.is_ancestor(at, *kept_commit)) {
    return fmt::format("{} holds commits that are nowhere else", path_.string());
  }
  return std::nullopt;
}

std::optional<std::string> Workspace::remove(const std::optional<git::ObjectId>& kept_commit) const {
  const fs::path real = fs::weakly_canonical(path_);
  if (real.parent_path() != fs::weakly_canonical(services_->places.worktrees())) {
    return fmt::format("{} is not where worktrees of this repository lie", real.string());
  }
  try {
    if (auto loss = what_would_be_lost(kept_commit)) return loss;
  } catch (const DriverRefused& refused) {
    return with_hint(refused);
  }
  if (const auto error = remove_tree(path_))
    return fmt::format("could not remove {}: {}", path_.string(), error.message());
  forget();
  return std::nullopt;
}

void Workspace::forget() const {
  std::error_code ignored;
  fs::remove_all(own_, ignored);
  fs::remove_all(services_->places.run(run_id_).views(), ignored);
  git::Repository& repository = services_->repository;
  for (const char* name : {"start", "head", "branch"}) {
    const std::string reference = borrowed_reference(name);
    if (const auto commit = repository.resolve(reference)) repository.remove_reference(reference, *commit);
  }
  // Whoever lists references opens every folder of theirs, also an empty one.
  fs::remove(repository.common_directory() / borrowed_reference(""), ignored);
}

}  // namespace changeling::run
