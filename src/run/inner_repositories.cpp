#include "run/inner_repositories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "run/leader_git.hpp"
#include "support/files.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_named = 3;
constexpr std::size_t longest_link = 4096;
constexpr std::size_t longest_log = 16 * 1024 * 1024;

bool is_commit_name(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path real = fs::weakly_canonical(path);
  const fs::path root = fs::weakly_canonical(folder);
  return std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first == root.end();
}

/// As a part of a reference's name.
std::string as_name(std::string_view text) {
  std::string name(text);
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0 && letter != '_') letter = '-';
  }
  return name;
}

/// Folders of submodules' repositories below `folder`; there may be others inside of one.
void find_modules(const fs::path& folder, std::vector<fs::path>& found) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, ignored),
       end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (!entry->is_directory(ignored) || entry->is_symlink(ignored)) continue;
    if (!fs::exists(entry->path() / "HEAD", ignored) || !fs::exists(entry->path() / "objects", ignored)) {
      continue;
    }
    found.push_back(entry->path());
    find_modules(entry->path() / "modules", found);
    entry.disable_recursion_pending();
  }
}

/// A git directory, or a file that leads to one, that has something in it.
bool looks_like_repository(const fs::path& git_entry) {
  std::error_code ignored;
  if (fs::is_directory(git_entry, ignored)) return fs::exists(git_entry / "objects", ignored);
  const std::string text = read_regular_file(git_entry, longest_link).value_or("");
  constexpr std::string_view leads = "gitdir: ";
  if (!text.starts_with(leads)) return false;
  return fs::exists(git_entry.parent_path() / std::string(trim(text.substr(leads.size()))) / "HEAD", ignored);
}

/// From newest to oldest, as the reflog has them: "BEFORE AFTER NAME <MAIL> TIME ZONE", a tab, the message.
std::vector<git::ObjectId> stashes(const git::ForeignRepository& content) {
  std::vector<git::ObjectId> commits;
  const auto log = read_regular_file(content.common_directory / "logs/refs/stash", longest_log);
  for (const std::string& line : split_lines(log.value_or(""))) {
    const auto words = split(line, ' ');
    if (words.size() > 1 && is_commit_name(words[1])) commits.push_back(git::ObjectId::from_hex(words[1]));
  }
  if (const auto newest = content.target("refs/stash"); commits.empty() && newest) commits.push_back(*newest);
  std::reverse(commits.begin(), commits.end());
  return commits;
}

std::string unreadable(const fs::path& worktree, const std::string& path) {
  return fmt::format("nobody can tell what is new in the repository {}", (worktree / path).string());
}

}  // namespace

std::vector<SubmoduleLink> read_links(const std::string& stage) {
  std::vector<SubmoduleLink> links;
  for (const std::string& entry : split(stage, '\0')) {
    // "160000 OBJECT STAGE", a tab, the path.
    const auto tab = entry.find('\t');
    const std::vector<std::string> words = split(entry.substr(0, tab), ' ');
    if (tab == std::string::npos || words.size() != 3 || words[0] != "160000") continue;
    links.push_back({entry.substr(tab + 1), git::ObjectId::from_hex(words[1])});
  }
  return links;
}

InnerRepositories::InnerRepositories(const project::Services& services, std::string run_id, fs::path worktree,
                                     fs::path administration, std::vector<git::ObjectId> known)
    : services_(services),
      run_id_(std::move(run_id)),
      worktree_(std::move(worktree)),
      administration_(std::move(administration)),
      known_(std::move(known)) {}

ProcessResult InnerRepositories::git(const fs::path& directory, const std::string& path,
                                     std::vector<std::string> arguments) const {
  std::vector<std::string> whole;
  for (const char* setting : {"gc.auto=0", "maintenance.auto=false",
                              // A partial clone of the agent's must not fetch what we only look for.
                              "protocol.allow=never", "protocol.ssh.allow=never", "protocol.ext.allow=never",
                              // Reading one folder from the other is all that is done with this.
                              "protocol.file.allow=always", "protocol.version=2", "fetch.unpackLimit=1"}) {
    whole.insert(whole.end(), {"-c", setting});
  }
  whole.insert(whole.end(), arguments.begin(), arguments.end());
  if (directory == services_.repository.common_directory()) return services_.git.run(std::move(whole));
  return LeaderGit(services_, directory, worktree_ / path).run(std::move(whole));
}

std::optional<InnerRepository> InnerRepositories::open(const fs::path& git_entry,
                                                       const std::string& path) const {
  InnerRepository inner{path, git_entry, git::read_foreign_repository(git_entry), {}};
  if (!inner.content) {
    if (!looks_like_repository(git_entry)) return std::nullopt;
    return inner;
  }
  inner.git_folder = inner.content->git_directory;
  inner.view = services_.places.run(run_id_).views() / sha256_hex(git_entry.string()).substr(0, 16);
  git::make_view(*inner.content, inner.view, leader_config(services_));
  write_drivers(services_, inner.view);
  return inner;
}

std::vector<InnerRepository> InnerRepositories::find() const {
  std::vector<InnerRepository> found;
  std::error_code ignored;
  const auto add = [&](const fs::path& git_entry, const std::string& path) {
    auto inner = open(git_entry, path);
    const auto same = [&](const InnerRepository& other) { return other.git_folder == inner->git_folder; };
    if (inner && std::none_of(found.begin(), found.end(), same)) found.push_back(std::move(*inner));
  };
  if (fs::exists(fs::symlink_status(worktree_ / ".git", ignored))) add(worktree_ / ".git", ".");
  for (fs::recursive_directory_iterator
           entry(worktree_, fs::directory_options::skip_permission_denied, ignored),
       end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (entry->is_symlink(ignored) || !entry->is_directory(ignored)) continue;
    if (entry->path().filename() == ".git") {
      entry.disable_recursion_pending();
    } else if (fs::exists(fs::symlink_status(entry->path() / ".git", ignored))) {
      add(entry->path() / ".git", entry->path().lexically_relative(worktree_).string());
    }
  }
  std::vector<fs::path> modules;
  find_modules(administration_ / "modules", modules);
  for (const fs::path& folder : modules) add(folder, folder.lexically_relative(administration_).string());
  return found;
}

std::optional<InnerRepository> InnerRepositories::at(const std::string& path) const {
  std::error_code ignored;
  const fs::path entry = worktree_ / path / ".git";
  if (!fs::exists(fs::symlink_status(entry, ignored))) return std::nullopt;
  return open(entry, path);
}

std::vector<InnerRepositories::Tip> InnerRepositories::tips(const InnerRepository& inner) const {
  const git::ForeignRepository& content = *inner.content;
  std::vector<Tip> candidates;
  const auto add = [&](const std::string& name, const git::ObjectId& commit) {
    const auto same = [&](const Tip& tip) { return tip.commit == commit; };
    if (std::none_of(candidates.begin(), candidates.end(), same)) candidates.push_back({name, commit});
  };
  const bool is_ours = content.common_directory == services_.repository.common_directory();
  const bool goes_with_the_room =
      is_below(content.common_directory, worktree_) || is_below(content.common_directory, administration_);
  // The commits of others lie elsewhere, and stay there; of a worktree of the user's own HEAD alone goes.
  if (!is_ours && !goes_with_the_room) return {};
  if (content.head) add("head", *content.head);
  if (!goes_with_the_room) return candidates;
  constexpr std::string_view branches = "refs/heads/";
  for (const auto& [name, commit] : content.references) {
    if (name.starts_with(branches)) add(name.substr(branches.size()), commit);
  }
  std::size_t number = 0;
  for (const git::ObjectId& commit : stashes(content)) add(fmt::format("stash-{}", number++), commit);
  return candidates;
}

bool InnerRepositories::is_rooms(const InnerRepository& inner) const {
  return inner.content->common_directory == fs::weakly_canonical(administration_);
}

bool InnerRepositories::is_shared(const InnerRepository& inner, const git::ObjectId& commit) const {
  const git::ForeignRepository& content = *inner.content;
  std::vector<std::string> shared{"--not", "--remotes"};
  if (content.common_directory == services_.repository.common_directory())
    shared.insert(shared.end(), {"--branches", "--tags", "--glob=refs/changelings/kept/*"});
  // What was fetched by its name alone, as shallow submodules are, is on no remote's branch here.
  const ProcessResult fetched =
      git(inner.view, inner.path, {"rev-parse", "--quiet", "--verify", "FETCH_HEAD^{commit}"});
  if (fetched.status.success()) shared.emplace_back(trim(fetched.output));
  if (is_rooms(inner)) {
    for (const git::ObjectId& known : known_) shared.push_back(known.hex());
  }
  std::vector<std::string> arguments{"rev-list", "--max-count=1", commit.hex()};
  arguments.insert(arguments.end(), shared.begin(), shared.end());
  const ProcessResult answer = git(inner.view, inner.path, std::move(arguments));
  return answer.status.success() && answer.output.empty();
}

std::vector<InnerRepositories::Tip> InnerRepositories::unshared_tips(const InnerRepository& inner) const {
  if (!inner.content) return {};
  const auto is_known = [&](const git::ObjectId& commit) {
    if (is_rooms(inner) && std::find(known_.begin(), known_.end(), commit) != known_.end()) return true;
    const auto& references = inner.content->references;
    return std::any_of(references.begin(), references.end(), [&](const auto& one) {
      return one.second == commit && one.first.starts_with("refs/remotes/");
    });
  };
  std::vector<Tip> unshared = tips(inner);
  std::erase_if(unshared,
                [&](const Tip& tip) { return is_known(tip.commit) || is_shared(inner, tip.commit); });
  return unshared;
}

/// A submodule that the user has, too, knows the history already; all else is foreign to both and goes into
/// the repository itself.
fs::path InnerRepositories::keeper_of(const InnerRepository& inner) const {
  const fs::path& ours = services_.repository.common_directory();
  const fs::path relative =
      fs::weakly_canonical(inner.git_folder).lexically_relative(fs::weakly_canonical(administration_));
  if (relative.empty() || *relative.begin() != "modules") return ours;
  const fs::path users = ours / relative;
  return fs::exists(users / "HEAD") ? users : ours;
}

std::optional<KeptCommit> InnerRepositories::kept(const InnerRepository& inner,
                                                  const git::ObjectId& commit) const {
  const fs::path keeper = keeper_of(inner);
  const ProcessResult answer =
      git(keeper, "",
          {"for-each-ref", "--count=1", "--format=%(refname)", "--points-at=" + commit.hex(),
           fmt::format("refs/changelings/kept/{}/", run_id_)});
  const std::string reference(trim(answer.output));
  if (!answer.status.success() || reference.empty()) return std::nullopt;
  return KeptCommit{inner.path, commit, keeper, reference};
}

std::optional<KeptCommit> InnerRepositories::keep(const InnerRepository& inner, const Tip& tip) const {
  if (auto already = kept(inner, tip.commit)) return already;
  const fs::path keeper = keeper_of(inner);
  const std::string path = inner.path == "." ? "worktree" : as_name(inner.path);
  const std::string wanted = fmt::format("refs/changelings/kept/{}/{}-{}", run_id_, path, as_name(tip.name));
  std::string reference = wanted;
  const auto is_taken = [&] {
    return git(keeper, "", {"show-ref", "--verify", "--quiet", reference}).status.success();
  };
  for (int number = 2; is_taken(); ++number) reference = fmt::format("{}-{}", wanted, number);
  // A shallow one is refused where it would make the user's shallow, too: then the worktree stays.
  git(keeper, "",
      {"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules",
       inner.view.string(), fmt::format("{}:{}", tip.commit.hex(), reference)});
  return kept(inner, tip.commit);
}

std::vector<KeptCommit> InnerRepositories::keep() const {
  std::vector<KeptCommit> all;
  for (const InnerRepository& inner : find()) {
    for (const Tip& tip : unshared_tips(inner)) {
      if (auto one = keep(inner, tip)) all.push_back(std::move(*one));
    }
  }
  return all;
}

std::optional<git::ObjectId> InnerRepositories::head_of(const InnerRepository& inner) const {
  return inner.content ? inner.content->head : std::nullopt;
}

void InnerRepositories::fill_index(const InnerRepository& inner) const {
  if (!inner.content || !inner.content->head || fs::exists(inner.view / "index")) return;
  git(inner.view, inner.path, {"read-tree", "HEAD"});
}

std::vector<SubmoduleLink> InnerRepositories::links_of(const InnerRepository& inner) const {
  if (!inner.content) return {};
  fill_index(inner);
  return read_links(git(inner.view, inner.path, {"ls-files", "--stage", "-z"}).output);
}

bool InnerRepositories::is_published(const InnerRepository& inner, const git::ObjectId& commit) const {
  if (!inner.content) return false;
  const ProcessResult answer =
      git(inner.view, inner.path, {"rev-list", "--max-count=1", commit.hex(), "--not", "--remotes=origin"});
  return answer.status.success() && answer.output.empty();
}

InnerRepositories::Status InnerRepositories::read_status(const std::string& status) {
  Status read;
  bool is_second_path = false;  // Of a rename.
  for (const std::string& entry : split(status, '\0')) {
    if (entry.size() < 4 || is_second_path) {
      is_second_path = false;
      continue;
    }
    is_second_path = entry[0] == 'R' || entry[0] == 'C';
    if (entry.starts_with("??") && entry.ends_with('/')) {
      read.repositories.push_back(entry.substr(3, entry.size() - 4));
    } else {
      read.has_changes = true;
    }
  }
  return read;
}

ProcessResult InnerRepositories::status_of(const InnerRepository& inner) const {
  fill_index(inner);
  return git(inner.view, inner.path,
             {"status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=all"});
}

std::vector<std::string> InnerRepositories::inside_of(const InnerRepository& inner,
                                                      const Status& status) const {
  std::vector<std::string> paths;
  for (const std::string& path : status.repositories) paths.push_back((fs::path(inner.path) / path).string());
  for (const SubmoduleLink& link : links_of(inner))
    paths.push_back((fs::path(inner.path) / link.path).string());
  return paths;
}

std::optional<std::string> InnerRepositories::uncommitted(const std::string& path) const {
  const auto inner = at(path);
  if (!inner) return std::nullopt;
  if (!inner->content) return unreadable(worktree_, path);
  const ProcessResult status = status_of(*inner);
  if (!status.status.success()) {
    return fmt::format("nobody can tell what is new in the repository {}: {}", (worktree_ / path).string(),
                       trim(last_part(status.error, 300)));
  }
  const Status read = read_status(status.output);
  if (read.has_changes) {
    return fmt::format("{} holds uncommitted changes of the repository {}", worktree_.string(), path);
  }
  for (const std::string& inside : inside_of(*inner, read)) {
    if (auto loss = uncommitted(inside)) return loss;
  }
  return std::nullopt;
}

std::vector<UncommittedFile> InnerRepositories::uncommitted_files(const std::string& path) const {
  const auto inner = at(path);
  if (!inner) return {};
  if (!inner->content) return {{path, "unreadable"}};
  const ProcessResult status = status_of(*inner);
  if (!status.status.success()) return {{path, "unreadable"}};
  std::vector<UncommittedFile> files;
  for (std::string& entry : split(status.output, '\0')) {
    const bool is_repository = entry.starts_with("??") && entry.ends_with('/');
    if (!entry.empty() && !is_repository) files.push_back({path, std::move(entry)});
  }
  for (const std::string& inside : inside_of(*inner, read_status(status.output))) {
    for (UncommittedFile& file : uncommitted_files(inside)) files.push_back(std::move(file));
  }
  return files;
}

std::optional<std::string> InnerRepositories::what_would_be_lost(
    const std::vector<std::string>& paths) const {
  for (const InnerRepository& inner : find()) {
    if (!inner.content) return unreadable(worktree_, inner.path);
    for (const Tip& tip : unshared_tips(inner)) {
      if (kept(inner, tip.commit)) continue;
      return fmt::format("{} holds commit {} of the repository {}, which is nowhere else", worktree_.string(),
                         tip.commit.hex().substr(0, 10), inner.path);
    }
  }
  for (const std::string& path : paths) {
    if (auto loss = uncommitted(path)) return loss;
  }
  return std::nullopt;
}

std::string describe(const std::vector<KeptCommit>& kept) {
  std::vector<std::string> parts;
  for (const KeptCommit& one : kept) {
    if (parts.size() == most_named) break;
    parts.push_back(fmt::format("commit {} of {} is kept as {} in {}", one.commit.hex().substr(0, 10),
                                one.path, one.reference, one.git_folder.string()));
  }
  if (kept.size() > parts.size()) parts.push_back(fmt::format("and {} more", kept.size() - parts.size()));
  return join(parts, "; ");
}

}  // namespace changeling::run
