#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace changeling::run {

/// What Claude Code has going on beside its turns: commands and sub-agents in the background, of whose end
/// the agent is told, and on which it may go on in a turn of its own.
class ClaudeBackground {
 public:
  /// A `system` event; one of another kind changes nothing.
  void read(const nlohmann::json& event);

  bool goes_on() const { return !tasks_.empty(); }
  /// "run the tests", or "run the tests and 2 more"; empty when nothing goes on.
  std::string describe() const;

 private:
  void read_list(const nlohmann::json& event);

  std::map<std::string, std::string> tasks_;  ///< Id to description.
  /// Newer versions list what goes on whenever that changes. Then the list alone counts: the events of single
  /// tasks are also for those that the turn itself waits for.
  bool has_list_ = false;
};

}  // namespace changeling::run
