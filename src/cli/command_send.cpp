#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/run_lookup.hpp"
#include "run/agent_message.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

// The leader looks up from its agent at once, but not while git pushes or fetches.
constexpr auto patience = std::chrono::seconds(30);

std::string read_text(const std::string& word) {
  if (word != "-") return word;
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Answer send(Context& context, const std::string& word, const std::string& text_word) {
  const std::string text = valid_utf8(read_text(text_word));
  run::check_agent_message(text);
  context.require_state();
  store::RunRecord run = project::find_run(context, word);
  const auto sent = run::send_to_agent(context, run, text, context.store().actor().name, patience);
  // That the run has ended is said already.
  if (!sent.delivered && run.status == store::RunStatus::Running)
    context.message(fmt::format("not sent to {}: {}", run.id, sent.reason));
  Json reason = sent.delivered ? Json(nullptr) : Json(sent.reason);
  return {{{"run", run.id}, {"delivered", sent.delivered}, {"reason", std::move(reason)}},
          "",
          sent.delivered ? 0 : 1};
}

}  // namespace

CommandSpec send_command() {
  return {
      "send", "Send a message to the agent of a run",
      "The agent reads it while it works: Claude Code as another message of its user, an agent at mngr "
      "through its terminal, any other program as a line on its standard input, if its agent type has "
      "input = \"lines\". The message is kept in the run's log, without secrets.\n\n"
      "Ends with 1 when the agent did not get it, and says why: it has not been started yet, it has finished "
      "its work, or it reads no messages.",
      [](Syntax& syntax) -> Action {
        auto id = std::make_shared<std::string>();
        auto text = std::make_shared<std::string>();
        syntax.value("run", *id, "Id of the run or its beginning; a changeling's name means its newest")
            .value_name("RUN")
            .required();
        syntax.value("text", *text, "The message; - reads it from standard input")
            .value_name("TEXT")
            .required();
        return [id, text](Context& context) { return send(context, *id, *text); };
      }};
}

}  // namespace changeling::cli
