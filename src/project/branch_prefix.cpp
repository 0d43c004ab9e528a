#include "project/branch_prefix.hpp"

namespace changeling::project {

BranchPrefix branch_prefix(const git::Repository& repository) {
  return BranchPrefix(repository.config("changeling.branchPrefix").value_or(""));
}

}  // namespace changeling::project
