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
FileLock lock_worktrees(const Services& services) {
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
  for (const char letter : path) {
    if (std::string_view("*?[]\\!# ").find(letter) != std::string_view::npos) pattern += '\\';
    pattern += letter;
  }
  return pattern;
}

}  // namespace

Workspace::Workspace(const Services& services, std::string run_id, std::string branch)
    : services_(&services),
      run_id_(std::move(run_id)),
      branch_(std::move(branch)),
      path_(services.places.worktree(run_id_)),
      administration_(services.repository.common_directory() / "worktrees" / run_id_) {}

Workspace Workspace::create(const Services& services, const std::string& run_id, const std::string& branch,
                            const git::ObjectId& start) {
  create_private_directories(services.places.worktrees());
  const Workspace workspace(services, run_id, branch);
  const FileLock lock = lock_worktrees(services);
  services.git.check({"-c", "core.hooksPath=/dev/null", "-c", "checkout.workers=0", "worktree", "add",
                      "--quiet", "--no-track", "-b", branch, workspace.path_.string(), start.hex()},
                     services.repository.common_directory());
  return workspace;
}

std::optional<Workspace> Workspace::find(const Services& services, const std::string& run_id,
                                         const std::string& branch) {
  Workspace workspace(services, run_id, branch);
  if (!fs::exists(workspace.path_) && !fs::exists(workspace.administration_)) return std::nullopt;
  return workspace;
}

ProcessResult Workspace::git(std::vector<std::string> arguments) const {
  std::vector<std::string> whole{"--git-dir=" + administration_.string(),
                                 "--work-tree=" + path_.string(),
                                 "-c",
                                 "core.hooksPath=/dev/null",
                                 "-c",
                                 "core.fsmonitor=false",
                                 "-c",
                                 "gc.auto=0",
                                 "-c",
                                 "core.excludesFile=" + services_->places.run(run_id_).excludes().string()};
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
  patterns += fmt::format("/{}/\n", scratch_folder);
  for (const std::string& path : copied) patterns += ignore_pattern(path) + "\n";
  write_file(services_->places.run(run_id_).excludes(), patterns);
}

void Workspace::copy_from(const fs::path& work_tree, const std::vector<std::string>& paths) const {
  for (const std::string& name : paths) {
    const fs::path relative = fs::path(name).lexically_normal();
    if (relative.is_absolute() || relative.empty() || *relative.begin() == ".." ||
        *relative.begin() == ".git") {
      throw Error(ErrorKind::Refused, fmt::format("copy: '{}' is not inside the work tree", name));
    }
    const fs::path from = work_tree / relative;
    const fs::path to = path_ / relative;
    if (!fs::exists(from)) continue;
    // A symbolic link in the base commit must not lead the copy out of the worktree.
    fs::create_directories(to.parent_path());
    const fs::path real = fs::weakly_canonical(to.parent_path());
    const fs::path root = fs::canonical(path_);
    if (std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first != root.end()) {
      throw Error(ErrorKind::Refused, fmt::format("copy: '{}' leads out of the worktree", name));
    }
    fs::copy(
        from, to,
        fs::copy_options::recursive | fs::copy_options::overwrite_existing | fs::copy_options::copy_symlinks);
  }
}

void Workspace::write_scratch(const std::string& name, const std::string& content) const {
  create_private_directories(artifacts());
  write_file(scratch() / name, content);
}

git::ObjectId Workspace::head() const {
  return git::ObjectId::from_hex(checked_git({"rev-parse", "--verify", "HEAD"}));
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

bool Workspace::commit_leftovers(const std::string& message) const {
  // All processes of the run have ended: a lock that is still there belongs to a git that was killed.
  for (const char* lock : {"index.lock", "HEAD.lock"}) {
    std::error_code none;
    std::filesystem::remove(administration_ / lock, none);
  }
  checked_git({"add", "--all", "--", "."});
  // A repository that the agent cloned into the worktree would become a submodule nobody can fetch.
  for (const std::string& record : split(checked_git({"diff", "--cached", "--raw", "--no-renames"}), '\n')) {
    if (record.starts_with(":000000 160000"))
      checked_git({"rm", "--cached", "--quiet", "--", record.substr(record.find('\t') + 1)});
  }
  if (git({"diff", "--cached", "--quiet"}).status.success()) return false;
  const git::Identity& actor = services_->store.actor();
  checked_git({"-c", "user.name=" + actor.name, "-c", "user.email=" + actor.email, "commit", "--quiet",
               "--no-verify", "--no-gpg-sign", "--message", message});
  return true;
}

std::vector<std::string> Workspace::committed_private_files(const git::ObjectId& start,
                                                            const std::vector<std::string>& copied) const {
  std::vector<std::string> arguments{
      "log", "--format=", "--name-only", fmt::format("{}..HEAD", start.hex()), "--", scratch_folder};
  for (const std::string& path : copied) arguments.push_back(":(literal)" + path);
  std::vector<std::string> files = split_lines(checked_git(arguments));
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  std::erase_if(files, [](const std::string& line) { return line.empty(); });
  return files;
}

std::optional<std::string> Workspace::remove(const std::optional<git::ObjectId>& kept_commit) const {
  const fs::path real = fs::weakly_canonical(path_);
  if (real.parent_path() != fs::weakly_canonical(services_->places.worktrees())) {
    return fmt::format("{} is not where worktrees of this repository lie", real.string());
  }
  if (fs::exists(path_) && fs::exists(administration_)) {
    const std::string status = checked_git({"status", "--porcelain", "--ignore-submodules=none"});
    if (!status.empty()) return fmt::format("{} holds uncommitted changes", path_.string());
    const git::ObjectId at = head();
    if (!kept_commit || !services_->repository.is_ancestor(at, *kept_commit)) {
      return fmt::format("{} holds commits that are nowhere else", path_.string());
    }
  }
  const FileLock lock = lock_worktrees(*services_);
  const auto remove_by_git = [&] {
    return services_->git.run({"worktree", "remove", "--force", path_.string()},
                              services_->repository.common_directory());
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
