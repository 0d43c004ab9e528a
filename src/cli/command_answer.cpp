#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "cli/confirmation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/syntax.hpp"
#include "project/run_lookup.hpp"
#include "run/agent_message.hpp"
#include "run/question.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

// The leader looks up from its agent at once.
constexpr auto patience = std::chrono::seconds(30);

struct Answering {
  std::string run;
  std::string text;
  std::int64_t question = 0;
};

std::string numbered(const std::vector<run::Question>& open) {
  std::vector<std::string> lines;
  for (const run::Question& question : open)
    lines.push_back(fmt::format("--question {} for '{}'", question.number, shortened(question.text)));
  return join(lines, ", ");
}

/// An answer is for one question: where several are open, whoever answers says which.
const run::Question& chosen_question(const std::vector<run::Question>& open, const store::RunRecord& run,
                                     std::int64_t number) {
  if (number == 0 && open.size() > 1)
    throw Error(ErrorKind::Usage,
                fmt::format("the agent of run {} has {} open questions", run.id, open.size()),
                "say which is answered: " + numbered(open));
  for (const run::Question& question : open) {
    if (number == 0 || question.number == number) return question;
  }
  throw Error(ErrorKind::NotFound,
              number == 0 ? fmt::format("the agent of run {} has no open question", run.id)
                          : fmt::format("the agent of run {} has no open question {}", run.id, number),
              "see what waits: git changeling status");
}

/// A number stands for one of the choices, unless it is one itself.
std::string ask_person(const run::Question& question, const std::string& changeling) {
  tell(fmt::format("{} asks: {}", changeling, question.text));
  for (std::size_t index = 0; index < question.choices.size(); ++index)
    tell(fmt::format("  {}  {}", index + 1, question.choices[index]));
  tell(question.choices.empty() ? "Your answer:" : "Your answer, or the number of one:");
  std::string line;
  std::getline(std::cin, line);
  const std::string word(trim(line));
  if (std::find(question.choices.begin(), question.choices.end(), word) != question.choices.end())
    return word;
  for (std::size_t index = 0; index < question.choices.size(); ++index) {
    if (word == std::to_string(index + 1)) return question.choices[index];
  }
  return word;
}

std::string text_of(Context& context, const Answering& answering, const run::Question& question,
                    const store::RunRecord& run) {
  if (answering.text == "-")
    return std::string(trim(std::string{std::istreambuf_iterator<char>(std::cin), {}}));
  if (!answering.text.empty()) return answering.text;
  if (can_ask(context)) return ask_person(question, run.changeling);
  throw Error(ErrorKind::Usage, fmt::format("what is the answer to '{}'?", shortened(question.text)),
              fmt::format("git changeling answer {} TEXT", run.id));
}

Answer answer(Context& context, const Answering& answering) {
  context.require_state();
  store::RunRecord run = project::find_run(context, answering.run);
  const auto open = run::open_questions(context.places().run(run.id));
  const run::Question& question = chosen_question(open, run, answering.question);
  const std::string text = valid_utf8(text_of(context, answering, question, run));
  const auto given =
      run::answer_agent(context, run, question.number, text, context.store().actor().name, patience);
  context.message(fmt::format("answered '{}': {}", shortened(question.text), shortened(text)));
  if (!given.read) context.message("kept: the agent gets it when it asks again");
  return {{{"run", run.id}, {"question", question.number}, {"read", given.read}}, "", 0};
}

}  // namespace

CommandSpec answer_command() {
  return {
      "answer", "Answer a question of a running agent",
      "The agent gets the answer from the `git changeling ask` that waits for it, or as a message. `status` "
      "shows what is asked. At a terminal the question is shown and the answer asked for; otherwise TEXT "
      "is needed.",
      [](Syntax& syntax) -> Action {
        auto answering = std::make_shared<Answering>();
        syntax
            .value("run", answering->run,
                   "Id of the run or its beginning; a changeling's name means its newest")
            .value_name("RUN")
            .required();
        syntax.value("text", answering->text, "The answer; - reads it from standard input")
            .value_name("TEXT");
        syntax.number("--question", answering->question, "Which; needed where several are open", 1)
            .value_name("N");
        return [answering](Context& context) { return answer(context, *answering); };
      }};
}

}  // namespace changeling::cli
