#include "run/branch_remote.hpp"

#include "git/remote_choice.hpp"

namespace changeling::run {

std::string branch_remote(const Services& services) {
  return git::choose_push_remote(services.repository, services.remote);
}

BranchPrefix branch_prefix(const git::Repository& repository) {
  return BranchPrefix(repository.config("changeling.branchPrefix").value_or(""));
}

}  // namespace changeling::run
