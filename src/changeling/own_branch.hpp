#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "changeling/branch_prefix.hpp"

namespace changeling {

/// Why runs may not touch a branch, in words that follow its name; nothing when it is one of theirs. The one
/// question that whatever continues, pushes, moves, forces or deletes a branch asks, since its name may come
/// from a record, a pull request's text or a file that anybody wrote. Ours is PREFIX/CHANGELING/MORE, a name
/// that git accepts (git-check-ref-format(1)), and never `base`, what the work is meant for; an empty base is
/// not asked about.
std::optional<std::string> foreign_branch_problem(const BranchPrefix& prefix, std::string_view branch,
                                                  std::string_view base);

}  // namespace changeling
