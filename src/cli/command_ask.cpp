#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "run/questions.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

struct Asking {
  std::string text;
  std::vector<std::string> choices;
  std::string wait;
  bool later = false;
};

run::AskingPlace place_in(const Environment& environment) {
  run::AskingPlace place{environment.get(run::questions_variable).value_or(""),
                         environment.get(run::answers_variable).value_or("")};
  if (!place.questions.empty() && !place.answers.empty()) return place;
  throw Error(ErrorKind::Refused,
              environment.get("CHANGELING_RUN") ? "nobody answers the questions of this run"
                                                : "only the agent of a run asks its user",
              environment.get("CHANGELING_RUN")
                  ? "decide yourself, and say in your result what you assumed"
                  : "tell a running agent something: git changeling send RUN TEXT");
}

std::string read_text(const std::string& word) {
  if (word != "-") return word;
  return std::string(trim(std::string{std::istreambuf_iterator<char>(std::cin), {}}));
}

std::optional<std::chrono::milliseconds> patience_of(const Asking& asking) {
  if (asking.later) return std::chrono::milliseconds(0);
  if (asking.wait.empty()) return std::nullopt;
  const Duration wait = parse_duration(asking.wait);
  if (wait == Duration::zero())
    throw Error(ErrorKind::Usage, "--wait takes a time above 0", "without waiting: --later");
  return wait;
}

Answer ask(Context& context, const Asking& asking) {
  const run::AskingPlace place = place_in(context.environment());
  const auto patience = patience_of(asking);
  const auto answer = run::ask_user(place, valid_utf8(read_text(asking.text)), asking.choices, patience);
  using State = run::AskedAnswer::State;
  if (answer.state == State::Refused) throw Error(ErrorKind::Refused, answer.text);
  if (answer.state == State::Answered) return {{{"answer", answer.text}}, answer.text + "\n", 0};
  context.message(asking.later
                      ? "asked; the answer comes as a message, or when you ask again in the same words"
                      : "no answer yet: ask again in the same words to go on waiting");
  return {{{"answer", nullptr}}, "", asking.later ? 0 : 1};
}

}  // namespace

CommandSpec ask_command() {
  return {
      "ask", "Put a question to the user of the run, and wait for the answer",
      "For agents, inside a run: it needs neither a network nor a login. The question appears in `status`, "
      "under "
      "\"Needs you\" and as a notification; the user answers with `git changeling answer`. The answer is "
      "printed.\n\n"
      "While the command waits, the run's limit for silence does not count; its time limit does. What is "
      "asked "
      "again in the same words is the same question, so that waiting can go on after it was cut off, and an "
      "answer that has come meanwhile is there at once.\n\n"
      "Ends with 1 when --wait is over and there is no answer. Where nobody can answer it is refused.",
      [](Syntax& syntax) -> Action {
        auto asking = std::make_shared<Asking>();
        syntax.value("question", asking->text, "The question; - reads it from standard input")
            .value_name("QUESTION")
            .required();
        syntax
            .repeatable("--choice", asking->choices, "An answer that you propose; may be given several times")
            .value_name("ANSWER");
        const Option wait =
            syntax.value("--wait", asking->wait, "Wait at most so long").value_name("DURATION");
        syntax.flag("--later", asking->later, "Do not wait: the answer comes as a message").excludes(wait);
        return [asking](Context& context) { return ask(context, *asking); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
