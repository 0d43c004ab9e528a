#include "chat/conversation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "project/own_program.hpp"
#include "support/detach.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

Answer answer_chat(Context& context) {
  const chat::MessageOrder order = chat::message_order_from_json(project::read_order());
  const ReportStart report_start = report_from_background();
  try {
    chat::answer_in_background(context, order, report_start);
  } catch (const Error& error) {
    report_start(with_hint(error));
    throw;
  } catch (const std::exception& error) {
    report_start(error.what());
    throw;
  }
  return {};
}

}  // namespace

CommandSpec answer_chat_command() {
  return {chat::answer_word, "Let the agent of a chat answer in the background",
          "What the service starts for a message. The order is on standard input.",
          [](Syntax&) -> Action { return answer_chat; }};
}

}  // namespace changeling::cli
