#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "project/places.hpp"
#include "run/question.hpp"
#include "secrets/redact.hpp"
#include "support/clock.hpp"

namespace changeling::run {

// An agent's question and its answer are files, so that neither a network nor a key is needed inside the
// walls, and nothing is lost when either side is away for a while. The question, KEY.json, is written by the
// agent into a folder of its room, and is data like all that is there. The answer, KEY.json in a folder that
// the agent may only read, is written by the run's leader. KEY.open lies beside it from when the question is
// known: who waits for the answer holds a lock on it.

/// The leader's side: takes in what the agent asks, and keeps its answers.
class Questions {
 public:
  /// `asked` is the folder of the room.
  Questions(project::RunFiles files, std::filesystem::path asked, const Redactor& redact, const Clock& clock);

  /// Looks for new questions, and returns them, redacted. Those that break a rule are answered with the
  /// reason, and so are all beyond most_questions.
  std::vector<Question> take();

  /// Whether something of the agent waits for an answer now.
  bool is_waited_for() const;
  /// Whether it has asked for an answer as a message, and has none yet.
  bool is_expected() const;
  bool has_open() const;
  const std::vector<Question>& all() const { return questions_; }

  /// An answer that was given, and whether something of the agent's reads it at once.
  struct Given {
    Question question;
    bool is_read = false;
  };
  /// To question `number`; 0: the oldest that is open. Throws Error(NotFound) when there is none, and
  /// Error(Refused) when it has an answer.
  Given answer(int number, const std::string& text, const std::string& from);

 private:
  void take_file(const std::filesystem::path& file, const std::string& key, std::vector<Question>& taken);
  void refuse(const std::string& key, const std::string& reason);
  bool is_read_by_somebody(const std::string& key) const;
  bool is_known(const std::string& key) const;
  Question& find(int number);

  /// How it was asked, which the agent may have asked again otherwise.
  struct Asked {
    std::chrono::steady_clock::time_point taken_at{};
    bool later = false;  ///< The agent does not wait with a program for it.
  };

  project::RunFiles files_;
  std::filesystem::path asked_folder_;
  const Redactor& redact_;
  const Clock& clock_;
  std::vector<Question> questions_;
  std::map<std::string, Asked> asked_;  ///< By key.
  std::vector<std::string> refused_;    ///< Keys.
};

/// What an agent asked, and what came of it.
struct AskedAnswer {
  enum class State {
    Answered,
    Open,     ///< Nobody has answered yet.
    Refused,  ///< The run's leader takes no such question.
  };
  State state = State::Open;
  std::string text;  ///< The answer, or why it was refused.
};

// What the agent's environment calls them.
inline constexpr const char* questions_variable = "CHANGELING_QUESTIONS";
inline constexpr const char* answers_variable = "CHANGELING_ANSWERS";

/// Where the agent's side finds its folders.
struct AskingPlace {
  std::filesystem::path questions;
  std::filesystem::path answers;
};

/// The agent's side: asks, and waits for the answer as long as `patience`, or for ever without one. Zero asks
/// for it as a message, and waits only until the leader has taken the question or refused it. What was asked
/// before in the same words goes on, and has its answer at once if it was given meanwhile. Throws
/// Error(Usage) for what question_problem() names.
AskedAnswer ask_user(const AskingPlace& place, const std::string& text,
                     const std::vector<std::string>& choices,
                     const std::optional<std::chrono::milliseconds>& patience);

}  // namespace changeling::run
