#include "project/open_requests.hpp"

#include <fmt/format.h>

#include "git/remote_choice.hpp"
#include "project/base_branch.hpp"
#include "project/own_branches.hpp"
#include "project/review.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

constexpr auto patience = std::chrono::minutes(2);

/// Records are anybody's to write; only branches of runs are asked for.
bool is_own_branch(const git::Repository& repository, const forge::PullRequest& pull) {
  try {
    require_own_branch(repository, pull.branch, pull.base);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<std::string> branches_of_requests(Project& project) {
  std::vector<std::string> branches;
  for (const forge::PullRequest& pull : project.forge().open_pull_requests())
    if (is_own_branch(project.repository(), pull)) branches.push_back(pull.branch);
  return branches;
}

/// For the branches among these that the remote has elsewhere than we know.
std::vector<std::string> refspecs_of(Project& project, const std::string& remote,
                                     const std::vector<std::string>& branches) {
  std::vector<std::string> arguments{"ls-remote", "--heads", remote};
  for (const std::string& branch : branches) arguments.push_back("refs/heads/" + branch);
  const ProcessResult answer = project.git().ask(remote, arguments, patience);
  std::vector<std::string> refspecs;
  for (const std::string& line : split_lines(answer.output)) {
    const auto tab = line.find("\trefs/heads/");
    if (tab == std::string::npos) continue;
    const std::string branch = line.substr(tab + std::string_view("\trefs/heads/").size());
    const std::string tracking = tracking_reference(remote, branch);
    const auto known = project.repository().resolve(tracking);
    if (!known || known->hex() != line.substr(0, tab))
      refspecs.push_back(fmt::format("+refs/heads/{}:{}", branch, tracking));
  }
  return refspecs;
}

}  // namespace

std::int64_t only_open_request(Project& project) {
  const auto open = list_requests(project, std::nullopt);
  if (open.size() == 1) return open.front().number;
  if (open.empty())
    throw Error(ErrorKind::NotFound, "no pull request is open", "see: git changeling review list --all");
  std::vector<std::string> names;
  for (const forge::PullRequest& pull : open) names.push_back(fmt::format("#{}", pull.number));
  constexpr std::size_t most = 10;
  const std::size_t count = names.size();
  if (count > most) names.resize(most);
  throw Error(ErrorKind::Usage,
              fmt::format("which pull request? {} are open: {}{}", count, join(names, ", "),
                          count > most ? ", …" : ""),
              "see: git changeling review list");
}

void fetch_request_branches(Project& project) {
  if (project.forge().needs_pushed_branch() || project.remote().empty()) return;
  const std::vector<std::string> branches = branches_of_requests(project);
  if (branches.empty()) return;
  const std::string remote = git::find_push_remote(project.repository(), project.remote()).name;
  const auto refspecs = refspecs_of(project, remote, branches);
  if (refspecs.empty()) return;
  if (const auto problem = project.git().fetch(remote, refspecs, patience))
    project.message(
        fmt::format("warning: the branches of open requests could not be fetched: {}", trim(*problem)));
}

}  // namespace changeling::project
