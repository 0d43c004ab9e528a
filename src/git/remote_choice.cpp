#include "git/remote_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

RemoteChoice unknown(const std::string& key, const std::string& name, const std::vector<std::string>& names) {
  if (names.empty()) {
    return {"", "", fmt::format("{}: there is no remote '{}'", key, name),
            fmt::format("add it: git remote add {} URL; or: git config --unset {}", name, key)};
  }
  return {"", "", fmt::format("{}: there is no remote '{}', there is {}", key, name, join(names, ", ")),
          fmt::format("git config {} {}", key, names.size() == 1 ? names.front() : "NAME")};
}

[[noreturn]] void refuse(const RemoteChoice& choice) {
  throw Error(ErrorKind::NotFound, choice.problem, choice.hint);
}

/// The branches that may be the base, likeliest first, by what is known without a remote.
std::vector<std::string> possible_bases(const Repository& repository) {
  std::vector<std::string> branches;
  if (const auto configured = repository.config("changeling.base")) branches.push_back(*configured);
  branches.insert(branches.end(), {"main", "master"});
  if (const auto current = repository.current_branch()) branches.push_back(*current);
  return branches;
}

}  // namespace

RemoteChoice choose_remote(const RemoteFacts& facts) {
  const auto& names = facts.names;
  if (facts.configured) {
    // Set to nothing, it means that this clone works and shares with nobody.
    if (facts.configured->empty()) return {};
    if (!holds(names, *facts.configured)) refuse(unknown("changeling.remote", *facts.configured, names));
    return {*facts.configured, "", "", ""};
  }
  if (names.size() < 2) return {names.empty() ? "" : names.front(), "", "", ""};
  RemoteChoice choice;
  std::vector<std::string> followed;
  for (const RemoteFacts::Upstream& upstream : facts.upstreams) {
    // It may be "." or an address.
    if (!holds(names, upstream.remote)) continue;
    if (!holds(followed, upstream.remote)) followed.push_back(upstream.remote);
    if (!upstream.may_be_base || !choice.name.empty()) continue;
    choice.name = upstream.remote;
    choice.reason = fmt::format("of the remotes {} it is {}, because {} follows it", join(names, ", "),
                                upstream.remote, upstream.branch);
  }
  if (choice.name.empty() && facts.shared.size() == 1) {
    choice.name = facts.shared.front();
    choice.reason = fmt::format("of the remotes {} it is {}, where the state has been shared so far",
                                join(names, ", "), choice.name);
  }
  if (choice.name.empty() && followed.size() == 1) {
    choice.name = followed.front();
    choice.reason = fmt::format("of the remotes {} it is {}, the only one that branches follow",
                                join(names, ", "), choice.name);
  }
  if (choice.name.empty() && holds(names, "origin")) choice.name = "origin";
  if (choice.name == "origin") choice.reason.clear();
  if (!choice.name.empty()) return choice;
  choice.problem = fmt::format(
      "there are several remotes ({}) and nothing says which one to work and share with, so nothing is "
      "shared",
      join(names, ", "));
  choice.hint = "choose one: git config changeling.remote NAME";
  return choice;
}

RemoteFacts remote_facts(const Repository& repository) {
  RemoteFacts facts;
  facts.names = repository.remotes();
  facts.configured = repository.config("changeling.remote");
  if (facts.names.size() < 2) return facts;
  const auto upstream_of = [&](const std::string& branch) {
    return repository.config(fmt::format("branch.{}.remote", branch)).value_or("");
  };
  for (const std::string& branch : possible_bases(repository)) {
    if (const std::string remote = upstream_of(branch); !remote.empty())
      facts.upstreams.push_back({branch, remote, true});
  }
  // See store::merged_reference.
  std::copy_if(facts.names.begin(), facts.names.end(), std::back_inserter(facts.shared),
               [&](const std::string& name) {
                 return repository.resolve(fmt::format("refs/changelings/remotes/{}/merged", name));
               });
  constexpr std::string_view ending = ".remote";
  for (const auto& [key, value] : repository.config_section("branch")) {
    if (key.ends_with(ending)) facts.upstreams.push_back({key, value, false});
  }
  return facts;
}

RemoteChoice find_push_remote(const Repository& repository, const std::string& remote) {
  if (remote.empty()) return {};
  const auto names = repository.remotes();
  const auto configured = repository.config("changeling.pushRemote");
  if (configured && !configured->empty()) {
    if (holds(names, *configured)) return {*configured, "", "", ""};
    RemoteChoice choice = unknown("changeling.pushRemote", *configured, names);
    choice.name = remote;
    return choice;
  }
  const auto usual = repository.config("remote.pushDefault");
  return {usual && holds(names, *usual) ? *usual : remote, "", "", ""};
}

std::string choose_push_remote(const Repository& repository, const std::string& remote) {
  RemoteChoice choice = find_push_remote(repository, remote);
  if (!choice.problem.empty()) refuse(choice);
  return std::move(choice.name);
}

}  // namespace changeling::git
