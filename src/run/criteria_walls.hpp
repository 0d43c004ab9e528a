#pragma once

#include <filesystem>
#include <string>

#include "project/services.hpp"
#include "run/acceptance.hpp"
#include "run/run_walls.hpp"

namespace changeling::run {

/// What holds the command lines of criteria that a person checks in a work tree of the user's: what holds the
/// checks of a run. They see the work tree, which they may write, its git folder, which they may not, and
/// the artifacts; of the environment they get what agents get. Goes with this object.
class CriteriaWalls {
 public:
  /// Completes `place`. Throws Error(Refused) where a sandbox is required and cannot be had.
  CriteriaWalls(const project::Services& services, const std::string& task, AcceptancePlace& place);
  CriteriaWalls(const CriteriaWalls&) = delete;
  CriteriaWalls& operator=(const CriteriaWalls&) = delete;
  ~CriteriaWalls();

  /// "sandbox: bubblewrap, network: full", and what does not stand that should.
  std::string describe() const;

 private:
  void let_see_repository(const project::Services& services, sandbox::Walls& walls) const;

  RunRequest request_;
  project::RunFiles files_;
  RunWalls walls_;
  store::Walls chosen_;
};

}  // namespace changeling::run
