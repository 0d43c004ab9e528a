#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "chat/conversation.hpp"
#include "chat/session_files.hpp"
#include "cli/chat_text.hpp"
#include "cli/confirmation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/syntax.hpp"
#include "project/write_definition.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"
#include "view/chat.hpp"

namespace changeling::cli {
namespace {

struct ChatOptions {
  std::vector<std::string> words;
  std::string session;
  bool goes_on = false;
  bool list = false;
  std::string confirm;
  std::string decline;
  bool yes = false;
};

std::string message_of(const std::vector<std::string>& words) {
  if (words.size() != 1 || words.front() != "-") return valid_utf8(join(words, " "));
  return valid_utf8(std::string{std::istreambuf_iterator<char>(std::cin), {}});
}

/// The session that is meant; empty for a new one.
std::string chosen_session(Context& context, const ChatOptions& options) {
  const chat::SessionFiles files(context);
  if (!options.session.empty()) return files.find(options.session);
  if (!options.goes_on && options.confirm.empty() && options.decline.empty()) return "";
  const auto sessions = files.all();
  if (sessions.empty())
    throw Error(ErrorKind::NotFound, "there is no chat on this machine yet", "git changeling chat MESSAGE");
  return sessions.front().id;
}

chat::Session send(Context& context, const std::string& session, const std::string& text) {
  catch_interrupts();
  outlive_readers();
  ProgressLine line(context.terminal(), context.options().quiet || context.options().json, "chat");
  chat::Onlooker onlooker;
  onlooker.on_begin = [&] { line.step(run::Step::Launch); };
  onlooker.on_progress = [&](const run::Progress& progress) { line.progress(progress); };
  onlooker.interrupted = [&] {
    line.tick();
    return interrupted();
  };
  const bool is_first = session.empty();
  return chat::send_message(context, {is_first ? chat::new_session_id() : session, is_first, text}, onlooker);
}

std::string made_text(const chat::Proposal& proposal, const chat::Written& written) {
  std::string text =
      fmt::format("{} {} {}\n", written.is_new ? "Added" : "Changed", to_string(proposal.kind), written.name);
  if (proposal.kind == chat::ProposalKind::Webhook && written.is_new)
    text += fmt::format("Its secret: git changeling webhook secret {} --show\n", written.name);
  return text;
}

/// What was done, for text and JSON.
struct Made {
  std::string text;
  Json json;
};

Made confirm(Context& context, const chat::Session& session, const std::string& digest) {
  const chat::Proposal proposal = *session.messages[chat::find_proposal(context, session, digest)].proposal;
  const chat::Written written = chat::confirm(context, session.id, digest, project::Author::User);
  return {made_text(proposal, written), view::to_json(proposal, written)};
}

/// The digest of the newest message's proposal, if it waits for the user; empty otherwise.
std::string open_digest(const Json& session) {
  const Json& proposal = session.at("messages").back().at("proposal");
  return proposal.is_null() ? "" : json_string(proposal, "digest").value_or("");
}

bool has_failed(const chat::Session& session) {
  return session.messages.back().state != chat::MessageState::Answered;
}

/// One message, and what came of it. With --yes the user has said beforehand that they agree.
Answer send_one(Context& context, const ChatOptions& options, const std::string& text) {
  const chat::Session session = send(context, chosen_session(context, options), text);
  Json json = view::to_json(context, session);
  Answer answer{json, message_text(json.at("messages").back(), context.terminal()),
                has_failed(session) ? 1 : 0};
  answer.json["confirmed"] = nullptr;
  answer.next = next_in_chat(json);
  const std::string digest = open_digest(json);
  if (digest.empty()) return answer;
  if (!options.yes && !can_ask(context)) return answer;
  if (!options.yes) {
    print_text(answer.text + "\n");
    answer.text.clear();
    if (!confirmed("Make it so?")) return answer;
  }
  const Made made = confirm(context, session, digest);
  answer.text += made.text;
  answer.json["confirmed"] = made.json;
  answer.next = fmt::format("go on: git changeling chat --session {} MESSAGE", session.id);
  return answer;
}

/// Asks about an open proposal; what is not confirmed stays as it is, and can be talked about.
void settle(Context& context, const chat::Session& session, const std::string& digest) {
  if (!confirmed("Make it so?")) return;
  try {
    print_text(confirm(context, session, digest).text);
  } catch (const Error& error) {
    context.message(with_hint(error));
  }
}

/// Message by message, until the end of the input or Ctrl-C.
Answer converse(Context& context, const ChatOptions& options) {
  std::string id = chosen_session(context, options);
  if (!id.empty()) {
    const Json json = view::to_json(context, chat::SessionFiles(context).read(id));
    print_text(conversation_text(json, context.terminal()));
  }
  catch_interrupts();
  while (!interrupted()) {
    ask("> ");
    const auto line = read_typed_line();
    if (!line) break;
    if (trim(*line).empty()) continue;
    try {
      const chat::Session session = send(context, id, valid_utf8(*line));
      id = session.id;
      const Json json = view::to_json(context, session);
      print_text(message_text(json.at("messages").back(), context.terminal()) + "\n");
      if (const std::string digest = open_digest(json); !digest.empty() && !interrupted())
        settle(context, session, digest);
    } catch (const Error& error) {
      context.message(with_hint(error));
    }
  }
  Answer answer;
  if (!id.empty()) answer.next = "\n" + session_line(chat::SessionFiles(context).read(id));
  return answer;
}

Answer list(Context& context) {
  const auto sessions = chat::SessionFiles(context).all();
  Answer answer{{{"chats", Json::array()}, {"day", view::to_json(chat::day_cost(context))}}, "", 0};
  for (const chat::Session& session : sessions) answer.json["chats"].push_back(view::chat_card(session));
  if (sessions.empty()) {
    context.message("there is no chat on this machine yet");
    return answer;
  }
  answer.text = sessions_table(sessions, context.terminal(), context.clock().now());
  return answer;
}

Answer show(Context& context, const std::string& id) {
  const chat::Session session = chat::SessionFiles(context).read(id);
  const Json json = view::to_json(context, session);
  return {json, conversation_text(json, context.terminal()) + session_line(session) + "\n", 0,
          next_in_chat(json)};
}

Answer decide(Context& context, const ChatOptions& options) {
  const chat::Session session = chat::SessionFiles(context).read(chosen_session(context, options));
  if (options.confirm.empty()) {
    chat::decline(context, session.id, options.decline);
    return {{{"declined", options.decline}}, "Declined\n", 0};
  }
  const Made made = confirm(context, session, options.confirm);
  return {made.json, made.text, 0};
}

void check_words(const ChatOptions& options) {
  const bool decides = !options.confirm.empty() || !options.decline.empty();
  if (!options.words.empty() && (decides || options.list))
    throw Error(ErrorKind::Usage, "a message goes with neither --list, --confirm nor --decline");
  if (options.yes && options.words.empty())
    throw Error(ErrorKind::Usage, "--yes confirms what comes back for a message",
                "git changeling chat --yes MESSAGE");
}

Answer talk(Context& context, const ChatOptions& options) {
  check_words(options);
  if (options.list) return list(context);
  if (!options.confirm.empty() || !options.decline.empty()) return decide(context, options);
  if (!options.words.empty()) return send_one(context, options, message_of(options.words));
  if (can_ask(context) && context.terminal().output_is_terminal) return converse(context, options);
  const std::string id = chosen_session(context, options);
  if (!id.empty()) return show(context, id);
  throw Error(ErrorKind::Usage, "what is the message?",
              "git changeling chat MESSAGE; at a terminal it may be left out");
}

}  // namespace

CommandSpec chat_command() {
  return {
      "chat", "Talk with an agent about this repository",
      "Sends a message to an agent that can read the repository and change nothing. What comes back is an "
      "answer, or one with a proposal: a task, a changeling, a role or a webhook, new or changed. A proposal "
      "is "
      "shown with its fields and its difference, and nothing of it exists before you confirm it. What you "
      "confirm here is approved by that, as what you add with add, role add and task add.\n\n"
      "At a terminal without a message it is a conversation; Ctrl-C ends the agent and keeps what was said. "
      "Elsewhere the command that confirms a proposal is printed with it. With --yes what comes back is "
      "confirmed at once.\n\n"
      "Claude Code answers, or the agent type that changeling.chatAgent names: it gets the prompt, which has "
      "the "
      "form of the answer, and prints one JSON object. It is held by the sandbox of runs, reads the work "
      "tree "
      "and writes nothing. Chats stay on this machine, readable by you only; changeling.chatMessageCost and "
      "changeling.chatMaxCost say what they may cost.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ChatOptions>();
        syntax.words("message", options->words, "The message; - reads it from standard input")
            .value_name("MESSAGE");
        Option session = syntax.value("--session", options->session,
                                      "Go on with this chat; the beginning of its id is enough");
        session.value_name("ID");
        syntax.flag("-c,--continue", options->goes_on, "Go on with the newest chat").excludes(session);
        Option list =
            syntax.flag("--list", options->list, "Show the chats on this machine, and what they cost");
        Option confirm =
            syntax.value("--confirm", options->confirm, "Do what the proposal with this digest says");
        confirm.value_name("DIGEST").excludes(list);
        syntax.value("--decline", options->decline, "Take the proposal with this digest away")
            .value_name("DIGEST")
            .excludes(confirm)
            .excludes(list);
        syntax.flag("-y,--yes", options->yes, "Confirm what is proposed in answer to the message");
        return [options](Context& context) { return talk(context, *options); };
      }};
}

}  // namespace changeling::cli
