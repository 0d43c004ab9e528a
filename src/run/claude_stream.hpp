#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/claude_background.hpp"
#include "run/claude_numbers.hpp"
#include "run/launcher.hpp"

namespace changeling::run {

/// What the final `result` line of Claude Code says.
struct ClaudeResult {
  std::string subtype;  ///< "success" also after API errors; never the only thing to look at.
  std::string
      terminal_reason;  ///< "completed", "max_turns", "budget_exhausted", "api_error"; empty in old versions.
  bool is_error = false;
  bool is_cut_off = false;          ///< The last answer of the model had no end.
  std::string text;                 ///< Closing words, or the error's text.
  std::vector<std::string> errors;  ///< Instead of the text for some errors.
  /// The answer in the form that --json-schema asks for, as JSON; empty where none was asked for.
  std::string structured_output = {};
};

/// Reads the output of `claude --output-format stream-json` as it arrives, in pieces of any size. One JSON
/// object a line; what is not, is ignored, and so are unknown types and keys: the format grows.
class ClaudeStream {
 public:
  /// What the lines completed by one call held.
  struct Seen {
    bool activity = false;  ///< The agent got somewhere; a repeated API request is not that.
    bool progress = false;  ///< progress() differs.
    bool result = false;    ///< The result of a turn came.
  };

  Seen feed(std::string_view bytes);
  /// The end of the output: a last line may lack its newline.
  Seen finish();

  const Progress& progress() const { return progress_; }
  const std::string& session_id() const { return session_id_; }
  /// Each refused tool once, such as "Bash: git push", in the order of refusal.
  const std::vector<std::string>& denials() const { return denials_; }
  /// The result of the last turn, if there is one: while another turn is under way there is none.
  const std::optional<ClaudeResult>& result() const { return result_; }
  /// What goes on beside the turns. The agent is told when it ends, and may begin another turn then.
  const ClaudeBackground& background() const { return background_; }
  /// Whether the agent has nothing more to do, as far as it has said so.
  bool at_rest() const { return result_ && !background_.goes_on(); }
  /// Numbers that cannot be and were not counted, such as "num_turns: -3".
  const std::vector<std::string>& refused_numbers() const { return numbers_.refused(); }

 private:
  void read_line(std::string_view line, Seen& seen);
  void read_system(const nlohmann::json& event, Seen& seen);
  void read_assistant(const nlohmann::json& event, Seen& seen);
  void read_result(const nlohmann::json& event, Seen& seen);
  void note_denial(const std::string& tool_use_id, const std::string& description);
  void set_activity(std::string activity, Seen& seen);
  void show_numbers(Seen& seen);

  std::string unfinished_line_;
  Progress progress_;
  std::string session_id_;
  std::vector<std::string> denials_;
  std::optional<ClaudeResult> result_;
  ClaudeNumbers numbers_;
  ClaudeBackground background_;
  std::map<std::string, std::string> tool_uses_;  ///< Id to description.
  std::vector<std::string> denied_ids_;
};

}  // namespace changeling::run
