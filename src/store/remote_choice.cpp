#include "store/remote_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/sync.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The one remote among them with which the state has been shared; nothing when it is none or several.
std::optional<std::string> shared_so_far(const git::Repository& repository,
                                         const std::vector<std::string>& names) {
  std::optional<std::string> found;
  for (const std::string& name : names) {
    if (!repository.resolve(merged_reference(name))) continue;
    if (found) return std::nullopt;
    found = name;
  }
  return found;
}

/// The remote of the upstream of the branch that work goes into.
std::optional<std::string> upstream_of_base(const git::Repository& repository,
                                            const std::vector<std::string>& names) {
  std::vector<std::string> branches{"main", "master"};
  if (const auto base = repository.config("changeling.base")) branches.insert(branches.begin(), *base);
  if (const auto current = repository.current_branch()) branches.push_back(*current);
  for (const std::string& branch : branches) {
    const auto remote = repository.config(fmt::format("branch.{}.remote", branch));
    if (remote && contains(names, *remote)) return remote;
  }
  return std::nullopt;
}

}  // namespace

RemoteChoice choose_remote(const git::Repository& repository) {
  const auto names = repository.remotes();
  if (const auto configured = repository.config("changeling.remote")) {
    if (!configured->empty() && !contains(names, *configured)) {
      throw Error(ErrorKind::NotFound, fmt::format("changeling.remote: there is no remote '{}'", *configured),
                  "see: git remote -v");
    }
    return {*configured, ""};
  }
  if (names.size() == 1) return {names.front(), ""};
  if (names.empty()) return {};
  if (const auto known = shared_so_far(repository, names)) return {*known, ""};
  if (contains(names, "origin")) return {"origin", ""};
  if (const auto upstream = upstream_of_base(repository, names)) return {*upstream, ""};
  return {"", fmt::format("nothing is shared or pushed: there are several remotes ({}), and the base branch "
                          "follows none of them; choose one: git config changeling.remote NAME",
                          join(names, ", "))};
}

}  // namespace changeling::store
