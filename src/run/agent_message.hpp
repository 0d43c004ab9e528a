#pragma once

#include <chrono>
#include <string>

#include "project/project.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Longest message to an agent, in bytes.
inline constexpr std::size_t longest_agent_message = std::size_t{256} * 1024;

/// Throws Error(Usage) for a message that says nothing or too much.
void check_agent_message(const std::string& text);

/// What became of a message.
struct AgentMessage {
  bool delivered = false;
  bool queued = false;  ///< Of a delivered one: the agent is in the middle of a turn, and gets it after it.
  std::string reason;   ///< Why it was not delivered.
};

/// Takes a message to the agent of a run on this machine; `run` is then the newest record. A message that is
/// not answered within `patience` does not happen: Error(Unavailable). Throws as check_agent_message() and
/// connect_to_run().
AgentMessage send_to_agent(project::Project& project, store::RunRecord& run, const std::string& text,
                           const std::string& from, std::chrono::milliseconds patience);

/// What became of an answer that was given.
struct AgentAnswer {
  bool read = false;  ///< Otherwise it is kept for when the agent asks again.
};

/// Answers question `number` of a run on this machine; 0: the oldest that is open. `run` is then the newest
/// record. Throws Error(Refused) with the reason when there is nothing to answer, Error(Unavailable) when the
/// run does not reply within `patience`, and as check_agent_message() and connect_to_run().
AgentAnswer answer_agent(project::Project& project, store::RunRecord& run, int number,
                         const std::string& text, const std::string& from,
                         std::chrono::milliseconds patience);

}  // namespace changeling::run
