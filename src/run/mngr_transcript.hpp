#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "run/launcher.hpp"

namespace changeling::run {

/// Follows an agent through repeated readings of `mngr transcript --format jsonl`, each of which is whole:
/// one JSON object a line. Until mngr 0.2 of type user_message, assistant_message or tool_result; from 0.3 on
/// as ATIF 1.7 has it: `step` with the source user or agent, and `observation`.
class MngrTranscript {
 public:
  /// Takes the newest reading and returns what it has more than the one before. A reading that does not begin
  /// with the one before (mngr rewrote it) counts as new from its start. `on_progress`, if given, is called
  /// after each new message of the agent.
  std::string update(std::string_view reading, const std::function<void(const Progress&)>& on_progress = {});

  /// Whether nobody has said anything; a header may be there.
  bool empty() const { return !has_messages_; }
  /// Whether the newest message is one in which the agent only speaks: so ends a turn.
  bool turn_ended() const { return turn_ended_; }
  /// The prompt and the messages after it that have arrived.
  std::int64_t user_messages() const { return user_messages_; }
  const std::string& final_text() const { return final_text_; }
  const Progress& progress() const { return progress_; }

 private:
  /// Whether it was a message of the agent.
  bool read_line(std::string_view line);
  void note_call(const std::string& tool, const std::string& preview);

  std::string seen_;
  bool has_messages_ = false;
  bool turn_ended_ = false;
  std::int64_t user_messages_ = 0;
  std::string final_text_;
  Progress progress_;
};

}  // namespace changeling::run
