#include "run/question.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

Json to_json(const Question& question) {
  return {{"number", question.number},
          {"key", question.key},
          {"text", question.text},
          {"choices", question.choices},
          {"asked_at", format_timestamp(question.asked_at)},
          {"answer", json_or_null(question.answer)},
          {"answered_by", question.answered_by},
          {"answered_at", json_or_null(question.answered_at)}};
}

Question question_from(const Json& object) {
  return {static_cast<int>(json_integer(object, "number").value_or(0)),
          json_string(object, "key").value_or(""),
          json_string(object, "text").value_or(""),
          json_strings(object, "choices"),
          json_timestamp(object, "asked_at").value_or(Timestamp()),
          json_string(object, "answer"),
          json_string(object, "answered_by").value_or(""),
          json_timestamp(object, "answered_at")};
}

}  // namespace

std::string question_problem(const std::string& text, const std::vector<std::string>& choices) {
  if (trim(text).empty()) return "the question is empty";
  if (text.size() > longest_question)
    return fmt::format("the question has {} bytes; {} are allowed", text.size(), longest_question);
  if (choices.size() > most_choices)
    return fmt::format("there are {} choices; {} are allowed", choices.size(), most_choices);
  for (const std::string& choice : choices) {
    if (trim(choice).empty()) return "a choice is empty";
    if (choice.size() > longest_choice)
      return fmt::format("a choice has {} bytes; {} are allowed", choice.size(), longest_choice);
  }
  return "";
}

std::string question_key(const std::string& text, const std::vector<std::string>& choices) {
  constexpr std::size_t digits = 16;
  std::string all = fmt::format("{} {}", text.size(), text);
  for (const std::string& choice : choices) all += fmt::format(" {} {}", choice.size(), choice);
  return sha256_hex(all).substr(0, digits);
}

std::vector<Question> read_questions(const project::RunFiles& files) {
  std::vector<Question> questions;
  try {
    const auto text = read_file_if_exists(files.questions());
    if (!text) return {};
    const Json object = parse_json(*text, files.questions().string());
    for (const Json& each : object.value("questions", Json::array()))
      questions.push_back(question_from(each));
  } catch (const Error&) {
    return {};
  }
  return questions;
}

void write_questions(const project::RunFiles& files, const std::vector<Question>& questions) {
  Json list = Json::array();
  for (const Question& question : questions) list.push_back(to_json(question));
  write_file(files.questions(), json_text({{"questions", std::move(list)}}) + "\n", Outlives::Process);
}

std::vector<Question> open_questions(const project::RunFiles& files) {
  std::vector<Question> questions = read_questions(files);
  std::erase_if(questions, [](const Question& question) { return !question.is_open(); });
  if (!questions.empty() && !is_locked(files.lock())) questions.clear();
  return questions;
}

std::string quoted(const Question& question) {
  return fmt::format("'{}'", shortened(question.text, 200));
}

}  // namespace changeling::run
