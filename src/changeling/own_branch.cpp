#include "changeling/own_branch.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

/// What the longest reference on a file system allows, with room for a remote's name before it.
constexpr std::size_t longest_branch = 200;

bool can_be_branch(std::string_view branch) {
  if (branch.empty() || branch.size() > longest_branch) return false;
  for (const std::string& part : split(branch, '/'))
    if (reference_component_problem(part)) return false;
  return true;
}

/// Whether something follows the changeling's name.
bool names_a_run(const BranchPrefix& prefix, std::string_view branch) {
  const std::string name = prefix.changeling_of(branch);
  if (name.empty()) return false;
  for (const std::string_view start : {std::string_view(prefix.text()), BranchPrefix::standard})
    if (branch.starts_with(fmt::format("{}/{}/", start, name))) return true;
  return false;
}

}  // namespace

std::optional<std::string> foreign_branch_problem(const BranchPrefix& prefix, std::string_view branch,
                                                  std::string_view base) {
  if (!can_be_branch(branch)) return "is no name of a branch";
  if (!base.empty() && !can_be_branch(base)) return "is for a base that is no name of a branch";
  if (branch == base) return "is the branch that the work is meant for";
  if (!names_a_run(prefix, branch))
    return fmt::format("is not a branch of a run ({}/CHANGELING/RUN)", prefix.text());
  return std::nullopt;
}

}  // namespace changeling
