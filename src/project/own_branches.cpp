#include "project/own_branches.hpp"

#include <fmt/format.h>

#include "changeling/own_branch.hpp"
#include "project/branch_prefix.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {

void require_own_branch(const git::Repository& repository, const std::string& branch,
                        const std::string& base) {
  const auto problem = foreign_branch_problem(branch_prefix(repository), branch, base);
  if (!problem) return;
  throw Error(ErrorKind::Refused,
              fmt::format("'{}' {}; runs leave it alone", without_controls(valid_utf8(branch)), *problem));
}

}  // namespace changeling::project
