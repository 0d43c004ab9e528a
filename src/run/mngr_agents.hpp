#pragma once

#include <string>
#include <vector>

#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::run {

/// An agent that mngr keeps under our label.
struct MngrAgent {
  std::string name;
  std::string state;  ///< mngr's own word: RUNNING, WAITING, …
  std::string changeling;
  std::string run;
};

/// What `mngr list` shows with the label `changeling`, sorted by name. Empty where mngr is not installed or
/// does not answer within a few seconds: a status page must not fail because of it.
std::vector<MngrAgent> list_mngr_agents(ProcessRunner& processes, const Environment& environment);

}  // namespace changeling::run
