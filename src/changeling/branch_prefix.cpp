#include "changeling/branch_prefix.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

/// The first two parts behind the prefix are the changeling and the run.
std::string first_part_below(std::string_view branch, std::string_view prefix) {
  if (!branch.starts_with(prefix) || branch.substr(prefix.size()).substr(0, 1) != "/") return "";
  branch.remove_prefix(prefix.size() + 1);
  return std::string(branch.substr(0, branch.find('/')));
}

}  // namespace

BranchPrefix::BranchPrefix(std::string_view configured) : prefix_(configured) {
  while (prefix_.ends_with('/')) prefix_.pop_back();
  if (configured.empty()) prefix_ = standard;
  for (const std::string& part : split(prefix_, '/')) {
    const auto problem = reference_component_problem(part);
    if (!problem) continue;
    throw Error(ErrorKind::Invalid,
                fmt::format("changeling.branchPrefix: no branch can begin with \"{}\": a part of it {}",
                            valid_utf8(configured), *problem),
                fmt::format("write it like {}: git config changeling.branchPrefix NAME", standard));
  }
}

std::string BranchPrefix::branch(std::string_view changeling, std::string_view run) const {
  return fmt::format("{}/{}/{}", prefix_, changeling, run);
}

std::string BranchPrefix::changeling_of(std::string_view branch) const {
  const std::string name = first_part_below(branch, prefix_);
  return name.empty() ? first_part_below(branch, standard) : name;
}

bool BranchPrefix::holds(std::string_view reference) const {
  constexpr std::string_view branches = "refs/heads/";
  return reference.starts_with(branches) && !changeling_of(reference.substr(branches.size())).empty();
}

std::vector<std::string> branches_in_the_way(std::string_view branch) {
  std::vector<std::string> names;
  for (auto slash = branch.find('/'); slash != std::string_view::npos; slash = branch.find('/', slash + 1))
    names.emplace_back(branch.substr(0, slash));
  return names;
}

}  // namespace changeling
