#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// What has become of the pull requests of the local forge since the runs that opened them noted their state.
/// People merge by hand, too, which is found out here. The network is not asked.
class RequestStates {
 public:
  explicit RequestStates(project::Project& project);

  /// Brings the state that the run's record has up to date.
  void fill(store::RunRecord& run) const;
  void fill(std::vector<store::RunRecord>& runs) const;

 private:
  std::map<std::int64_t, std::string> states_;
};

}  // namespace changeling::run
