#include "run/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr auto lock_patience = std::chrono::minutes(10);

/// git's own worktree commands race with each other, so ours go one at a time.
FileLock lock_worktrees(const project::Services& services) {
  auto lock = FileLock::acquire(services.places.worktree_lock(), lock_patience);
  if (!lock) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("another worktree has been in the making for {} minutes", lock_patience.count()),
                fmt::format("see which process holds {}", services.places.worktree_lock().string()));
  }
  return std::move(*lock);
}

/// A build can leave folders that may not be written to (Go's module cache does).
void make_removable(const fs::path& path) {
  std::error_code ignored;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, ignored);
  for (fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, ignored),
       end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
      fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
}

/// A name is taken literally in an ignore file when its special characters are escaped.
std::string ignore_pattern(const std::string& path) {
  std::string pattern = "/";
  for (const char letter : fs::path(path).lexically_normal().string()) {
    if (std::string_view("*?[]\\!# ").find(letter) != std::string_view::npos) pattern += '\\';
    pattern += letter;
  }
  return pattern;
}

/// Copies a file, link or folder. A symbolic link that is there already belongs to the base commit and could
/// lead out of the worktree, so nothing is written through it. What is neither is left out: a socket or a
/// FIFO means nothing in another place.
void copy_entry(const fs::path& from, const fs::path& to) {
  const fs::file_status kind = fs::symlink_status(from);
  const fs::file_status there = fs::symlink_status(to);
  if (fs::is_symlink(there)) {
    throw Error(ErrorKind::Refused, fmt::format("copy: {} is a symbolic link in the branch", to.string()));
  }
  if (fs::is_symlink(kind)) {
    if (!fs::exists(there)) fs::copy_symlink(from, to);
  } else if (fs::is_directory(kind)) {
    fs::create_directories(to);
    for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
      copy_entry(entry.path(), to / entry.path().filename());
    }
  } else if (fs::is_regular_file(kind)) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  }
}

/// What `git worktree add` writes while it is at work.
constexpr std::string_view half_made_mark = "initializing";

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
      administration_(services.repository.common_directory() / "worktrees" / run_id_) {}

Workspace Workspace::create(const project::Services& services, const std::string& run_id,
                            const std::string& branch, const git::ObjectId& start) {
  create_private_directories(services.places.worktrees());
  const Workspace workspace(services, run_id, branch);
  const FileLock lock = lock_worktrees(services);
  const bool is_new = !services.repository.resolve("refs/heads/" + branch);
  const bool is_sparse = services.repository.config_bool("core.sparseCheckout", false);
  std::vector<std::string> add{"-c",       "core.hooksPath=/dev/null",
                               "-c",       "checkout.workers=0",
                               "worktree", "add",
                               "--quiet",  "--no-track",
                               "-b",       branch};
  if (is_sparse) add.emplace_back("--no-checkout");
  add.insert(add.end(), {workspace.path_.string(), start.hex()});
  try {
    services.git.check(add);
    if (is_sparse) workspace.check_out_everything();
  } catch (const Error&) {
    if (is_new) workspace.take_back(start);
    throw;
  }
  return workspace;
}

void Workspace::check_out_everything() const {
  // The user's patterns say what they want to see. An agent that does not see a file would write a new one in
  // its place, and what is checked would not be what is proposed.
  write_file(administration_ / "info" / "sparse-checkout", "/*\n");
  services_->git.check(
      {"-c", "core.hooksPath=/dev/null", "-c", "checkout.workers=0", "reset", "--quiet", "--hard"}, path_);
}

void Workspace::take_back(const git::ObjectId& start) const {
  // git makes the branch first and leaves it, also when it cannot fill the worktree. No agent has been here.
  services_->git.run({"worktree", "remove", "--force", "--force", path_.string()},
                     services_->repository.common_directory());
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  services_->repository.remove_reference("refs/heads/" + branch_, start);
}

std::optional<Workspace> Workspace::find(const project::Services& services, const std::string& run_id,
                                         const std::string& branch) {
  Workspace workspace(services, run_id, branch);
  if (!fs::exists(workspace.path_) && !fs::exists(workspace.administration_)) return std::nullopt;
  return workspace;
}

ProcessResult Workspace::git(std::vector<std::string> arguments) const {
  const git::Identity& actor = services_->store.actor();
  std::vector<std::string> whole{"--git-dir=" + administration_.string(), "--work-tree=" + path_.string()};
  for (const std::string& setting :
       {std::string("core.hooksPath=/dev/null"), std::string("core.fsmonitor=false"),
        std::string("gc.auto=0"),
        // Would refuse to add what the agent wrote.
        std::string("core.safecrlf=false"),
        "core.excludesFile=" + services_->places.run(run_id_).excludes().string(), "user.name=" + actor.name,
        "user.email=" + actor.email}) {
    whole.insert(whole.end(), {"-c", setting});
  }
  whole.insert(whole.end(), arguments.begin(), arguments.end());
  return services_->git.run(std::move(whole), path_);
}

std::string Workspace::checked_git(const std::vector<std::string>& arguments) const {
  ProcessResult result = git(arguments);
  if (!result.status.success()) {
    throw Error(ErrorKind::External, fmt::format("git {} failed in the worktree {}: {}", arguments.front(),
                                                 path_.string(), trim(last_part(result.error, 500))));
  }
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
  patterns += read_file_if_exists(own).value_or("");
  if (!patterns.empty() && !patterns.ends_with('\n')) patterns += '\n';
  patterns += fmt::format("/{}/\n", project::scratch_folder);
  for (const std::string& path : copied) patterns += ignore_pattern(path) + "\n";
  write_file(services_->places.run(run_id_).excludes(), patterns, Outlives::Process);
}

void Workspace::copy_from(const fs::path& work_tree, const std::vector<std::string>& paths) const {
  for (const std::string& name : paths) {
    const fs::path relative = fs::path(name).lexically_normal();
    if (relative.is_absolute() || relative.empty() || *relative.begin() == ".." || *relative.begin() == "." ||
        *relative.begin() == ".git") {
      throw Error(ErrorKind::Refused, fmt::format("copy: '{}' is not inside the work tree", name));
    }
    try {
      const fs::path from = work_tree / relative;
      const fs::path to = path_ / relative;
      if (!fs::exists(from)) continue;
      // A symbolic link in the base commit must not lead the copy out of the worktree.
      fs::create_directories(to.parent_path());
      const fs::path real = fs::canonical(to.parent_path());
      const fs::path root = fs::canonical(path_);
      if (std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first != root.end()) {
        throw Error(ErrorKind::Refused, fmt::format("copy: '{}' leads out of the worktree", name));
      }
      copy_entry(from, to);
    } catch (const fs::filesystem_error& error) {
      throw Error(ErrorKind::Io, fmt::format("copy: '{}': {}", name, error.what()));
    }
  }
}

void Workspace::write_scratch(const std::string& name, const std::string& content) const {
  require_own_folder(scratch());
  require_own_folder(artifacts());
  create_private_directories(artifacts());
  write_file(scratch() / name, content, Outlives::Process);
}

bool Workspace::is_gone() const {
  return !fs::is_directory(path_);
}

git::ObjectId Workspace::head() const {
  const auto read = read_worktree_head(services_->repository, administration_);
  if (read && read->commit) return *read->commit;
  return git::ObjectId::from_hex(checked_git({"rev-parse", "--verify", "HEAD"}));
}

std::string Workspace::checked_out() const {
  if (auto read = read_worktree_head(services_->repository, administration_)) return std::move(read->branch);
  const ProcessResult branch = git({"symbolic-ref", "--quiet", "HEAD"});
  return branch.status.success() ? std::string(trim(branch.output)) : "";
}

const std::vector<SubmoduleLink>& Workspace::links() const {
  const FileMark index = mark_of(administration_ / "index");
  if (!known_links_ || index.inode == 0 || !(known_links_->index == index))
    known_links_ = {index, read_links(checked_git({"ls-files", "--stage", "-z"}))};
  return known_links_->links;
}

void Workspace::leave_other_branch() const {
  const std::string branch = checked_out();
  if (branch.empty() || branch == "refs/heads/" + branch_) return;
  // A branch without a commit has nothing that HEAD could be detached at.
  if (!git({"rev-parse", "--quiet", "--verify", "HEAD"}).status.success()) return;
  checked_git({"update-ref", "--no-deref", "HEAD", head().hex()});
}

void Workspace::restore_branch() const {
  const std::string reference = "refs/heads/" + branch_;
  if (checked_out() != reference) return;
  if (services_->repository.resolve(reference)) return;
  // git asks for the commit that HEAD is at before it tells of those that it was at.
  const std::string log = read_file_if_exists(administration_ / "logs" / "HEAD").value_or("");
  const auto lines = split_lines(trim(log));
  if (lines.empty()) return;
  const auto words = split(lines.back(), ' ');
  const auto commit = words.size() < 2 ? std::nullopt : services_->repository.resolve_revision(words[1]);
  if (commit)
    services_->repository.compare_and_swap(reference, std::nullopt, *commit,
                                           "changeling: bring the branch back");
}

std::optional<std::string> Workspace::unfinished_operation() const {
  constexpr std::pair<const char*, const char*> marks[] = {{"MERGE_HEAD", "a merge"},
                                                           {"rebase-merge", "a rebase"},
                                                           {"rebase-apply", "a rebase"},
                                                           {"CHERRY_PICK_HEAD", "a cherry-pick"},
                                                           {"REVERT_HEAD", "a revert"}};
  for (const auto& [file, name] : marks) {
    if (fs::exists(administration_ / file)) return fmt::format("the agent left {} unfinished", name);
  }
  return std::nullopt;
}

void Workspace::remove_stale_locks() const {
  std::error_code ignored;
  const fs::path branch = services_->repository.common_directory() / "refs/heads" / branch_;
  for (const fs::path& lock :
       {administration_ / "index.lock", administration_ / "HEAD.lock", fs::path(branch.string() + ".lock")}) {
    fs::remove(lock, ignored);
  }
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
  std::vector<UncommittedFile> files;
  const InnerRepositories repositories = inner();
  for (const SubmoduleLink& link : links()) {
    for (UncommittedFile& file : repositories.uncommitted_files(link.path)) files.push_back(std::move(file));
  }
  return files;
}

bool Workspace::commit_leftovers(const std::string& message) const {
  remove_stale_locks();
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
  return true;
}

void Workspace::discard_changes() const {
  remove_stale_locks();
  checked_git({"reset", "--quiet", "--hard"});
  // With a single --force other repositories stay.
  checked_git({"clean", "--quiet", "--force", "-d"});
}

std::vector<std::string> Workspace::committed_private_files(const git::ObjectId& start,
                                                            const std::vector<std::string>& copied) const {
  // Every commit counts, also one that another takes back and one that only a merge brings in.
  std::vector<std::string> arguments{"log",
                                     "-m",
                                     "--full-history",
                                     "--format=",
                                     "--name-only",
                                     "--no-renames",
                                     "-z",
                                     fmt::format("{}..HEAD", start.hex()),
                                     "--",
                                     fmt::format(":(literal){}", project::scratch_folder)};
  for (const std::string& path : copied) arguments.push_back(":(literal)" + path);
  std::vector<std::string> files = split(checked_git(arguments), '\0');
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  std::erase_if(files, [](const std::string& line) { return line.empty(); });
  return files;
}

bool Workspace::is_half_made() const {
  return fs::exists(administration_) &&
         trim(read_file_if_exists(administration_ / "locked").value_or("")) == half_made_mark;
}

std::optional<std::string> Workspace::what_would_be_lost(
    const std::optional<git::ObjectId>& kept_commit) const {
  if (!fs::exists(path_) || is_half_made()) return std::nullopt;
  if (!fs::exists(administration_)) {
    if (fs::is_empty(path_)) return std::nullopt;
    return fmt::format("git does not know {} any more, so nobody can tell what in it is new", path_.string());
  }
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
  if (auto loss = what_would_be_lost(kept_commit)) return loss;
  const FileLock lock = lock_worktrees(*services_);
  const auto remove_by_git = [&] {
    // The second --force is for a worktree that is locked, be it by the agent or by a git that was killed.
    return services_->git.run({"worktree", "remove", "--force", "--force", path_.string()});
  };
  ProcessResult result = remove_by_git();
  if (fs::exists(path_)) {
    make_removable(path_);
    std::error_code error;
    fs::remove_all(path_, error);
    if (error) return fmt::format("could not remove {}: {}", path_.string(), error.message());
    result = remove_by_git();
  }
  if (fs::exists(administration_)) return fmt::format("git keeps the worktree: {}", trim(result.error));
  return std::nullopt;
}

}  // namespace changeling::run
