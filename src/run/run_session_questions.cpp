#include <fmt/format.h>

#include "run/run_events.hpp"
#include "run/run_session.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

// What the agent asks its user while it works, and the answers.
namespace changeling::run {

void RunSession::open_questions(Environment& environment) {
  // Where work is handed over, nobody of this repository's users is reached.
  if (!request_.hand_over.empty()) return;
  create_private_directories(live_.files().answers());
  create_private_directories(workspace_->questions());
  environment.set(questions_variable, workspace_->questions().string());
  environment.set(answers_variable, live_.files().answers().string());
  questions_.emplace(live_.files(), workspace_->questions(), log_.redactor(), services_.clock);
  live_server_.take_answers([this](int question, const std::string& text, const std::string& from) {
    return answer(question, text, from);
  });
}

void RunSession::take_questions() {
  if (!questions_) return;
  for (const Question& question : questions_->take()) {
    const std::string choices =
        question.choices.empty() ? "" : fmt::format(" ({})", join(question.choices, " / "));
    log_.note(fmt::format("question {}: {}{}", question.number, question.text, choices));
    if (observer_.on_message)
      observer_.on_message(fmt::format("{} asks: {}{}; answer it: git changeling answer {} --question {}",
                                       request_.definition.name, question.text, choices, request_.run_id,
                                       question.number));
    announce_question(services_, live_.record(), question);
  }
}

bool RunSession::answer(int number, const std::string& text, const std::string& from) {
  const Questions::Given given = questions_->answer(number, text, from);
  const Question& question = given.question;
  log_.note(valid_utf8(fmt::format("answer from {} to question {}: {}", from, question.number, text)));
  announce_answer(services_, live_.record(), question);
  if (given.is_read) return true;
  const std::string message =
      fmt::format("The answer to your question {}, from {}:\n{}", quoted(question), from, text);
  if (live_server_.deliver(message)) return false;
  note_message(from, message);
  return true;
}

void RunSession::close_questions() {
  take_questions();
  live_server_.take_answers({});
  if (!questions_) return;
  for (const Question& question : questions_->all()) {
    if (question.is_open()) log_.note(fmt::format("question {} has no answer", question.number));
  }
}

std::string RunSession::unanswered() const {
  if (!questions_) return "";
  for (const Question& question : questions_->all()) {
    if (question.is_open()) return fmt::format(", and its question {} has no answer", quoted(question));
  }
  return "";
}

}  // namespace changeling::run
