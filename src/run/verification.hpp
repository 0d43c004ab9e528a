#pragma once

#include <string>
#include <vector>

#include "project/services.hpp"
#include "run/launcher.hpp"
#include "run/run_log.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Command lines to run one after the other with /bin/sh in the worktree, outside the agent.
struct CommandSequence {
  std::vector<std::string> commands;
  std::filesystem::path directory;
  Environment environment;  ///< Complete.
  std::string run_id;
  Duration time_limit{};       ///< For each.
  LiveServer* live = nullptr;  ///< Served meanwhile; may be null.
  sandbox::Walls walls = {};   ///< What holds them.
};

/// How the sequence ended early, apart from a command's own failure.
struct SequenceResult {
  std::vector<store::VerificationResult> results;  ///< One per command that was started.
  EndedBy ended_by = EndedBy::Itself;              ///< Of the last one.
  bool passed = true;                              ///< All ran and ended with 0.
};

/// Stops at the first stop request or lost lease; a command that fails does not keep the others from running
/// when `run_all`. Output goes to the log and, its last part redacted, into the results.
SequenceResult run_commands(const CommandSequence& sequence, bool run_all, const StopRequest& stop_requested,
                            RunLog& log);

}  // namespace changeling::run
