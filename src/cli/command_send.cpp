#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/run_lookup.hpp"
#include "run/live_lookup.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

// The leader looks up from its agent at once, but not while git pushes or fetches.
constexpr auto patience = std::chrono::seconds(30);
constexpr std::size_t longest_message = 256 * 1024;

std::string read_text(const std::string& word) {
  if (word != "-") return word;
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Answer send(Context& context, const std::string& word, const std::string& text_word) {
  const std::string text = valid_utf8(read_text(text_word));
  if (trim(text).empty()) {
    throw Error(ErrorKind::Usage, "the message is empty",
                "for example: git changeling send RUN 'please add a test'");
  }
  if (text.size() > longest_message) {
    throw Error(ErrorKind::Usage,
                fmt::format("the message has {} bytes; {} are allowed", text.size(), longest_message),
                "put it into a file and tell the agent where that is");
  }
  context.require_state();
  store::RunRecord run = project::find_run(context, word);
  auto client = run::connect_to_run(context, run);
  if (!client) return {{{"run", run.id}, {"delivered", false}, {"reason", "the run has ended"}}, "", 1};
  const auto reply = client->send(text, context.store().actor().name, patience);
  if (!reply) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("run {} does not answer; the message was not sent", run.id),
                fmt::format("see what it is doing: git changeling logs {} --follow", run.id));
  }
  if (reply->ok) return {{{"run", run.id}, {"delivered", true}, {"reason", nullptr}}, "", 0};
  context.message(fmt::format("not sent to {}: {}", run.id, reply->reason));
  return {{{"run", run.id}, {"delivered", false}, {"reason", reply->reason}}, "", 1};
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
