#include "run/room.hpp"

#include <fmt/format.h>

#include <map>

#include "git/alternates.hpp"
#include "git/config_text.hpp"
#include "git/directory_parts.hpp"
#include "git/sealed_repository.hpp"
#include "run/leader_git.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// What makes files look right, and a commit say who made it.
const std::vector<std::string>& shared_settings() {
  static const std::vector<std::string> prefixes{"core.autocrlf",
                                                 "core.eol",
                                                 "core.filemode",
                                                 "core.symlinks",
                                                 "core.ignorecase",
                                                 "core.longpaths",
                                                 "core.precomposeunicode",
                                                 "core.quotepath",
                                                 "core.safecrlf",
                                                 "core.sharedrepository",
                                                 "i18n.",
                                                 "filter.",
                                                 "user.name",
                                                 "user.email",
                                                 "lfs.url",
                                                 "lfs.fetchinclude",
                                                 "lfs.fetchexclude",
                                                 "merge.conflictstyle",
                                                 "diff.algorithm"};
  return prefixes;
}

/// "https://name:token@host/path" without what stands before the host; other forms have no password.
std::string without_password(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto host = scheme + 3;
  const auto end = std::min(url.find('/', host), url.size());
  const auto at = url.rfind('@', end);
  if (at == std::string::npos || at < host) return url;
  // The name for ssh is no secret.
  if (url.starts_with("ssh://")) {
    const auto colon = url.find(':', host);
    return colon < at ? url.substr(0, colon) + url.substr(at) : url;
  }
  return url.substr(0, host) + url.substr(at + 1);
}

std::string room_config(const project::Services& services) {
  const git::ConfigEntries all = services.repository.configuration_of_files();
  git::ConfigEntries entries{{"core.repositoryformatversion", services.repository.is_partial() ? "1" : "0"},
                             {"core.bare", "false"},
                             {"core.logallrefupdates", "true"},
                             {"gc.auto", "0"},
                             {"maintenance.auto", "false"}};
  for (auto& [key, value] : git::with_prefix(all, shared_settings())) {
    entries.emplace_back(key, key == "lfs.url" ? without_password(value) : std::move(value));
  }
  const auto url = services.remote.empty() ? std::nullopt : services.repository.remote_url(services.remote);
  if (url) {
    entries.emplace_back("remote.origin.url", without_password(*url));
    entries.emplace_back("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
    // What is pushed is the leader's to say.
    entries.emplace_back("remote.origin.pushurl", "pushing-is-not-for-runs");
    if (services.repository.is_partial()) {
      entries.emplace_back("extensions.partialclone", "origin");
      entries.emplace_back("remote.origin.promisor", "true");
    }
  }
  return git::config_text(entries);
}

std::map<std::string, git::ObjectId> room_references(const project::Services& services,
                                                     const RoomPlan& plan) {
  std::map<std::string, git::ObjectId> references;
  for (const auto& [name, id] : services.repository.reference_targets()) {
    if (name.starts_with("refs/tags/")) references.emplace(name, id);
  }
  if (!plan.base.empty()) {
    references.insert_or_assign("refs/remotes/origin/" + plan.base, plan.base_commit);
    references.insert_or_assign("refs/heads/" + plan.base, plan.base_commit);
  }
  references.insert_or_assign("refs/heads/" + plan.branch, plan.start);
  return references;
}

void write_repository(const project::Services& services, const RoomPlan& plan) {
  const fs::path directory = plan.folder / ".git";
  const fs::path& users = services.repository.common_directory();
  for (const char* part : {"objects/pack", "refs/heads", "refs/tags", "info"})
    fs::create_directories(directory / part);
  git::borrow_objects(directory / "objects", {users / "objects"});
  write_file(directory / "packed-refs", git::packed_references(room_references(services, plan)),
             Outlives::Process);
  if (!plan.base.empty())
    write_file(directory / "refs/remotes/origin/HEAD",
               fmt::format("ref: refs/remotes/origin/{}\n", plan.base), Outlives::Process);
  write_file(directory / "HEAD", fmt::format("ref: refs/heads/{}\n", plan.branch), Outlives::Process);
  write_file(directory / "config", room_config(services), Outlives::Process);
  git::copy_data(users / "shallow", directory / "shallow");
  git::copy_data(users / "info/attributes", directory / "info/attributes");
}

}  // namespace

void make_leader(const project::Services& services, const fs::path& leader, const std::string& branch,
                 const git::ObjectId& start) {
  const fs::path& users = services.repository.common_directory();
  fs::remove_all(leader);
  create_private_directories(leader / "refs");
  create_private_directories(leader / "objects/pack");
  // Relative, because a repository may be moved with everything in it.
  git::borrow_objects(leader / "objects", {(users / "objects").lexically_relative(leader / "objects")});
  fs::create_symlink((users / "shallow").lexically_relative(leader), leader / "shallow");
  write_file(leader / "packed-refs", git::packed_references({{"refs/heads/" + branch, start}}),
             Outlives::Process);
  write_file(leader / "HEAD", fmt::format("ref: refs/heads/{}\n", branch), Outlives::Process);
  renew_leader(services, leader);
}

void renew_leader(const project::Services& services, const fs::path& leader) {
  fs::remove_all(leader / "info");
  git::copy_data(services.repository.common_directory() / "info/attributes", leader / "info/attributes");
  write_file(leader / "config", leader_config(services), Outlives::Process);
  write_drivers(services, leader);
}

void make_room(const project::Services& services, const RoomPlan& plan) {
  // Ours first: what tells that the folder is only half made.
  make_leader(services, plan.leader, plan.branch, plan.start);
  create_private_directories(plan.folder);
  write_repository(services, plan);
  LeaderGit(services, plan.leader, plan.folder).fill(plan.start);
  fs::copy_file(plan.leader / "index", plan.folder / ".git/index", fs::copy_options::overwrite_existing);
}

}  // namespace changeling::run
