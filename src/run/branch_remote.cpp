#include "run/branch_remote.hpp"

#include "git/remote_choice.hpp"

namespace changeling::run {

std::string branch_remote(const project::Services& services) {
  return git::choose_push_remote(services.repository, services.remote);
}

}  // namespace changeling::run
