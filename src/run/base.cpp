#include "run/base.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "changeling/branch_prefix.hpp"
#include "git/remote_choice.hpp"
#include "git/remote_references.hpp"
#include "project/base_branch.hpp"
#include "project/settings.hpp"
#include "run/branch_remote.hpp"
#include "run/settled_base.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr auto fetch_limit = std::chrono::minutes(5);

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

std::string commits(std::size_t count) {
  return count == 1 ? "1 commit" : fmt::format("{} commits", count);
}

std::string branch_reference(const std::string& branch) {
  return "refs/heads/" + branch;
}

/// Commits of `commit` that none of `known` leads to. The git program counts, because it knows where a
/// shallow clone ends.
std::size_t commits_beyond(const project::Services& services, const git::ObjectId& commit,
                           const std::vector<std::string>& known) {
  std::vector<std::string> arguments{"rev-list", "--count", commit.hex(), "--not"};
  arguments.insert(arguments.end(), known.begin(), known.end());
  return std::stoul(services.git.check(std::move(arguments)));
}

/// Commits of `commit` that are on no branch of the remotes in question. What is noted here of their branches
/// is asked first; a clone that does not track all of them, as with `--single-branch` or `--bare`, does not
/// even note what it pushed itself, so the remotes are asked then.
std::size_t unpublished_commits(const project::Services& services, const git::ObjectId& commit) {
  const std::set<std::string> remotes{services.remote, branch_remote(services)};
  std::vector<std::string> known;
  for (const std::string& remote : remotes) known.push_back("--remotes=" + remote);
  const std::size_t count = commits_beyond(services, commit, known);
  if (count == 0) return 0;
  const std::size_t noted = known.size();
  for (const std::string& remote : remotes) {
    const auto answer = git::ask_remote(services.git, remote, {branch_reference("*")}, fetch_limit);
    const auto* there = std::get_if<git::RemoteReferences>(&answer);
    if (there == nullptr) continue;
    for (const auto& [name, tip] : there->tips)
      if (services.repository.has_object(tip)) known.push_back(tip.hex());
  }
  return known.size() == noted ? count : commits_beyond(services, commit, known);
}

void refuse_branch_in_the_way(const std::string& in_the_way, const std::string& place,
                              const std::string& rename, const std::string& run_branch) {
  throw Error(ErrorKind::Refused,
              fmt::format("there is a branch '{0}' {1}, and git cannot have {2} beside it", in_the_way, place,
                          run_branch),
              fmt::format("rename it: {}; or choose what branches of runs begin with: git config "
                          "changeling.branchPrefix NAME",
                          rename));
}

/// A branch cannot lie below another one. Found out before an agent has cost anything.
void require_possible_here(const project::Services& services, const std::string& run_branch) {
  for (const std::string& name : branches_in_the_way(run_branch)) {
    if (!services.repository.resolve(branch_reference(name))) continue;
    refuse_branch_in_the_way(name, "here", fmt::format("git branch -m {} OTHER-NAME", name), run_branch);
  }
}

void require_possible_there(const git::RemoteReferences& answer, const std::string& remote,
                            const std::string& run_branch) {
  for (const std::string& name : branches_in_the_way(run_branch)) {
    const auto tip = answer.branch(name);
    if (!tip) continue;
    refuse_branch_in_the_way(
        name, "on " + remote,
        fmt::format("git push {0} {1}:refs/heads/OTHER-NAME && git push {0} --delete {2}",
                    shell_quote(remote), tip->hex(), shell_quote(name)),
        run_branch);
  }
}

std::vector<std::string> references_in_the_way(const std::string& run_branch) {
  std::vector<std::string> references;
  for (const std::string& name : branches_in_the_way(run_branch))
    references.push_back(branch_reference(name));
  return references;
}

void say_unreached(const Observer& observer, const std::string& remote, const std::string& branch,
                   const std::string& problem) {
  say(observer,
      fmt::format("could not fetch {} from {}, going on with what is here: {}", branch, remote, problem));
}

/// The branch to work on, asked of the remote, with its newest commit fetched.
std::string asked_base(const project::Services& services, const Observer& observer,
                       const Definition& definition, const std::string& run_branch) {
  const auto known = project::known_base(services.repository, services.remote, definition);
  std::vector<std::string> wanted = references_in_the_way(run_branch);
  if (known) wanted.push_back(branch_reference(known->branch));
  const auto answer = git::ask_remote(services.git, services.remote, wanted, fetch_limit);
  if (const auto* problem = std::get_if<std::string>(&answer)) {
    const std::string branch = project::base_branch(services.repository, services.remote, definition);
    say_unreached(observer, services.remote, branch, *problem);
    if (known->source == project::KnownBase::Source::Guess) {
      say(observer, fmt::format("nothing here tells the default branch of {}; working on {} (choose with: "
                                "git config changeling.base NAME)",
                                services.remote, branch));
    }
    return branch;
  }
  const auto& there = std::get<git::RemoteReferences>(answer);
  if (branch_remote(services) == services.remote) require_possible_there(there, services.remote, run_branch);
  const std::string branch = settled_base(services, observer, definition, known, there);
  auto tip = there.branch(branch);
  if (const auto head = there.tips.find("HEAD"); branch == there.default_branch && head != there.tips.end())
    tip = head->second;
  const auto tracked = services.repository.resolve(project::tracking_reference(services.remote, branch));
  if (tip && tip != tracked) fetch_branch(services, observer, services.remote, branch);
  return branch;
}

/// Which remote is used is no secret where there are several.
void say_remote(const project::Services& services, const Observer& observer) {
  const git::RemoteChoice choice = git::choose_remote(git::remote_facts(services.repository));
  if (choice.name != services.remote || choice.reason.empty()) return;
  say(observer, fmt::format("{} (another: git config changeling.remote NAME)", choice.reason));
}

/// A server takes nothing from a shallow clone that would make it shallow, too, which is what a fork does
/// that does not have the commits at the boundary. Said before an agent has cost anything.
void say_if_too_shallow(const project::Services& services, const Observer& observer,
                        const std::string& remote, const git::RemoteReferences& there) {
  if (!services.repository.is_shallow()) return;
  const bool shares_history = std::any_of(there.tips.begin(), there.tips.end(), [&](const auto& tip) {
    return services.repository.has_object(tip.second);
  });
  if (shares_history) return;
  say(observer, fmt::format("this clone is shallow and {} has nothing of what is here, so it may refuse the "
                            "run's branch (first: git fetch --unshallow {})",
                            remote, services.remote));
}

/// Branches go to a remote of their own: it is asked as well, before an agent has cost anything.
void ask_branch_remote(const project::Services& services, const Observer& observer,
                       const std::string& run_branch) {
  const std::string remote = branch_remote(services);
  if (remote == services.remote) return;
  std::vector<std::string> wanted = references_in_the_way(run_branch);
  if (services.repository.is_shallow()) wanted.push_back(branch_reference("*"));
  const auto answer = git::ask_remote(services.git, remote, wanted, fetch_limit);
  if (const auto* problem = std::get_if<std::string>(&answer)) {
    say(observer, fmt::format("could not reach {}, where branches go: {}", remote, *problem));
    return;
  }
  const auto& there = std::get<git::RemoteReferences>(answer);
  require_possible_there(there, remote, run_branch);
  say_if_too_shallow(services, observer, remote, there);
}

/// Where both sides have commits of their own, the remote's count: they may have been rewritten to get rid of
/// what is still here.
git::ObjectId remote_of_diverged(const project::Services& services, const Observer& observer,
                                 const std::string& branch, const git::ObjectId& remote) {
  const std::string tracked = fmt::format("{}/{}", services.remote, branch);
  if (services.repository.is_shallow()) {
    say(observer,
        fmt::format("{0} here does not lead to {1}, or this shallow clone does not reach far enough to tell; "
                    "starting from {1} (to tell: git fetch --unshallow {2})",
                    branch, tracked, services.remote));
  } else {
    say(observer, fmt::format("{0} here and {1} have gone different ways; starting from {1}, without what is "
                              "only here (see it: git log {1}..{0})",
                              branch, tracked));
  }
  return remote;
}

git::ObjectId side_of_ahead(const project::Services& services, const Observer& observer,
                            const std::string& branch, const git::ObjectId& local,
                            const git::ObjectId& remote) {
  const Unpushed policy = unpushed_policy(services.repository);
  const std::string push = fmt::format("git push {} {}", shell_quote(services.remote), shell_quote(branch));
  const bool elsewhere = services.forge.needs_pushed_branch();
  if (policy == Unpushed::Ignore || (policy == Unpushed::Hold && elsewhere)) {
    say(observer,
        fmt::format("{0} here is ahead of {1}/{0}; starting from {1}/{0}, without what is only here "
                    "(send it: {2})",
                    branch, services.remote, push));
    return remote;
  }
  const std::size_t count = unpublished_commits(services, local);
  if (count == 0) return local;
  if (policy == Unpushed::Allow) {
    say(observer, fmt::format("{} of {} that {} on no remote will go out with the run's branch, as "
                              "changeling.unpushed allows",
                              commits(count), branch, count == 1 ? "is" : "are"));
  } else if (const auto reason = why_held(services, branch, local.hex())) {
    say(observer, *reason);
  }
  return local;
}

std::optional<git::ObjectId> newest_base_commit(const project::Services& services, const Observer& observer,
                                                const std::string& branch) {
  const auto local = services.repository.resolve(branch_reference(branch));
  if (services.remote.empty()) return local;
  const auto remote = services.repository.resolve(project::tracking_reference(services.remote, branch));
  if (!remote && local) {
    if (const auto reason = why_held(services, branch, local->hex())) {
      // Its pull request could not be opened.
      if (services.forge.needs_pushed_branch()) throw Error(ErrorKind::Refused, *reason);
      say(observer, *reason);
    }
  }
  if (!local || !remote) return remote ? remote : local;
  if (services.repository.is_ancestor(*local, *remote)) return remote;
  if (services.repository.is_ancestor(*remote, *local))
    return side_of_ahead(services, observer, branch, *local, *remote);
  return remote_of_diverged(services, observer, branch, *remote);
}

}  // namespace

Unpushed unpushed_policy(const git::Repository& repository) {
  const auto value = project::text_setting(repository, "changeling.unpushed");
  if (value == "allow") return Unpushed::Allow;
  return value == "ignore" ? Unpushed::Ignore : Unpushed::Hold;
}

void fetch_branch(const project::Services& services, const Observer& observer, const std::string& remote,
                  const std::string& branch) {
  // '+' only concerns the remote-tracking reference, which holds nothing of ours.
  const std::string refspec =
      fmt::format("+{}:{}", branch_reference(branch), project::tracking_reference(remote, branch));
  if (const auto problem = services.git.fetch(remote, {refspec}, fetch_limit))
    say_unreached(observer, remote, branch, *problem);
}

Base find_base(const project::Services& services, const Observer& observer, const Definition& definition,
               const std::string& run_branch) {
  require_possible_here(services, run_branch);
  say_remote(services, observer);
  const std::string branch = services.remote.empty()
                                 ? project::base_branch(services.repository, "", definition)
                                 : asked_base(services, observer, definition, run_branch);
  if (!services.remote.empty()) ask_branch_remote(services, observer, run_branch);
  const auto commit = newest_base_commit(services, observer, branch);
  if (commit) return {branch, *commit};
  throw Error(
      ErrorKind::NotFound, fmt::format("there is no branch '{}'", branch),
      fmt::format("create it, or choose another: git changeling update {} --branch NAME", definition.name));
}

bool is_published(const project::Services& services, const git::ObjectId& commit) {
  return !services.remote.empty() && unpublished_commits(services, commit) == 0;
}

std::optional<std::string> why_held(const project::Services& services, const std::string& base,
                                    const std::string& base_commit) {
  if (services.remote.empty() || unpushed_policy(services.repository) == Unpushed::Allow) return std::nullopt;
  const auto commit = services.repository.resolve_revision(base_commit);
  const std::size_t count = commit ? unpublished_commits(services, *commit) : 0;
  if (count == 0) return std::nullopt;
  return fmt::format(
      "{} of {} {} on no remote, so the run's branch stays here until {} (send {}: git push {} {}; or let {} "
      "go out with it: git config changeling.unpushed allow)",
      commits(count), base, count == 1 ? "is" : "are", count == 1 ? "it is pushed" : "they are pushed",
      count == 1 ? "it" : "them", shell_quote(services.remote), shell_quote(base),
      count == 1 ? "it" : "them");
}

}  // namespace changeling::run
