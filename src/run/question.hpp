#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/places.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// What an agent asks its user while it works.
struct Question {
  int number = 0;   ///< Within its run, from 1 on.
  std::string key;  ///< The same for the same text and choices, so that asking again goes on waiting.
  std::string text;
  std::vector<std::string> choices = {};  ///< Answers that the agent proposes; any other may be given.
  Timestamp asked_at{};
  std::optional<std::string> answer = {};
  std::string answered_by = {};
  std::optional<Timestamp> answered_at = {};

  bool is_open() const { return !answer; }
};

// Bounds on what an agent may ask.
inline constexpr std::size_t longest_question = 4000;  ///< In bytes.
inline constexpr std::size_t most_choices = 10;
inline constexpr std::size_t longest_choice = 200;  ///< In bytes.
inline constexpr std::size_t most_questions = 20;   ///< Of one run.

/// What is wrong with a question; empty when it may be asked.
std::string question_problem(const std::string& text, const std::vector<std::string>& choices);
/// 16 hexadecimal digits.
std::string question_key(const std::string& text, const std::vector<std::string>& choices);

/// What the agent of a run has asked, in this order. Nothing where the file is missing or damaged: it is the
/// leader's own, and is read while it is written.
std::vector<Question> read_questions(const project::RunFiles& files);
void write_questions(const project::RunFiles& files, const std::vector<Question>& questions);

/// Those that wait for an answer; none once nobody leads the run.
std::vector<Question> open_questions(const project::RunFiles& files);

/// "'Which one?'", on one line, as a sentence quotes it.
std::string quoted(const Question& question);

}  // namespace changeling::run
