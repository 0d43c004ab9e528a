#pragma once

#include <filesystem>
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

/// What `mngr list` has answered, and when.
struct KnownMngrAgents {
  std::vector<MngrAgent> agents;  ///< Those with the label `changeling`, sorted by name.
  std::filesystem::file_time_type asked_at{};
};

/// What `file` keeps of the last answer. mngr needs seconds to answer, so it is asked in the background for
/// the next time, unless the answer is fresh, somebody is asking already, or mngr is not installed. An answer
/// that is an hour old says nothing any more. A status page must neither wait for mngr nor fail because of
/// it.
KnownMngrAgents known_mngr_agents(ProcessRunner& processes, const Environment& environment,
                                  const std::filesystem::path& file);

}  // namespace changeling::run
