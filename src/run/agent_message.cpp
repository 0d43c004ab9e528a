#include "run/agent_message.hpp"

#include <fmt/format.h>

#include "run/live_lookup.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::run {

void check_agent_message(const std::string& text) {
  if (trim(text).empty()) {
    throw Error(ErrorKind::Usage, "the message is empty",
                "for example: git changeling send RUN 'please add a test'");
  }
  if (text.size() > longest_agent_message) {
    throw Error(ErrorKind::Usage,
                fmt::format("the message has {} bytes; {} are allowed", text.size(), longest_agent_message),
                "put it into a file and tell the agent where that is");
  }
}

AgentMessage send_to_agent(project::Project& project, store::RunRecord& run, const std::string& text,
                           const std::string& from, std::chrono::milliseconds patience) {
  check_agent_message(text);
  auto client = connect_to_run(project, run);
  if (!client) return {false, false, "the run has ended"};
  const auto reply = client->send(text, from, patience);
  if (!reply) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("run {} does not answer; the message was not sent", run.id),
                fmt::format("see what it is doing: git changeling logs {} --follow", run.id));
  }
  return {reply->ok, reply->ok && reply->queued, reply->reason};
}

AgentAnswer answer_agent(project::Project& project, store::RunRecord& run, int number,
                         const std::string& text, const std::string& from,
                         std::chrono::milliseconds patience) {
  check_agent_message(text);
  auto client = connect_to_run(project, run);
  if (!client) throw Error(ErrorKind::Refused, fmt::format("run {} has ended", run.id));
  const auto reply = client->answer(number, text, from, patience);
  if (!reply) {
    throw Error(ErrorKind::Unavailable, fmt::format("run {} does not answer; yours was not taken", run.id),
                fmt::format("see what it is doing: git changeling logs {} --follow", run.id));
  }
  if (!reply->ok) throw Error(ErrorKind::Refused, fmt::format("not taken by {}: {}", run.id, reply->reason));
  return {reply->read};
}

}  // namespace changeling::run
