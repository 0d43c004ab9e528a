// Conversations with an agent. Whoever may only look sees none of them: they are their user's.
#include <fmt/format.h>

#include "chat/conversation.hpp"
#include "chat/session_files.hpp"
#include "server/api/handlers.hpp"
#include "server/api/senders.hpp"
#include "support/text.hpp"
#include "view/chat.hpp"

namespace changeling::server::api {
namespace {

chat::Session named_chat(Call& call) {
  call.project.require_state();
  const std::string& id = call.at("chat");
  if (!call.request.caller.may_write)
    throw Error(ErrorKind::NotFound, fmt::format("there is no chat '{}' of yours", shortened(id)));
  return chat::SessionFiles(call.project).read(id);
}

Reply accepted(Call& call, const chat::Session& session) {
  Reply reply{view::to_json(call.project, session)};
  reply.status = 202;
  return reply;
}

Reply send(Call& call, const std::string& session, bool is_first) {
  return accepted(call, chat::send_in_background(call.project, {session, is_first, call.given("text"),
                                                                sender_of(call.request.caller)}));
}

}  // namespace

namespace handlers {

Reply list_chats(Call& call) {
  call.project.require_state();
  Json list = Json::array();
  if (call.request.caller.may_write) {
    for (const chat::Session& session : chat::SessionFiles(call.project).all())
      list.push_back(view::chat_card(session));
  }
  return {{{"chats", std::move(list)}, {"day", view::to_json(chat::day_cost(call.project))}}};
}

Reply begin_chat(Call& call) {
  const std::string id = chat::new_session_id();
  Reply reply = send(call, id, true);
  reply.headers["location"] = "chat/" + id;
  return reply;
}

Reply get_chat(Call& call) {
  return {view::to_json(call.project, named_chat(call))};
}

Reply send_chat_message(Call& call) {
  return send(call, named_chat(call).id, false);
}

Reply stop_chat_answer(Call& call) {
  const std::string id = named_chat(call).id;
  chat::stop_answer(call.project, id);
  return accepted(call, chat::SessionFiles(call.project).read(id));
}

Reply confirm_proposal(Call& call) {
  const chat::Session session = named_chat(call);
  const std::string digest = call.given("digest");
  const chat::Proposal proposal =
      *session.messages[chat::find_proposal(call.project, session, digest)].proposal;
  return {view::to_json(proposal, chat::confirm(call.project, session.id, digest, project::Author::Other))};
}

Reply decline_proposal(Call& call) {
  const std::string id = named_chat(call).id;
  chat::decline(call.project, id, call.given("digest"));
  return {view::to_json(call.project, chat::SessionFiles(call.project).read(id))};
}

}  // namespace handlers
}  // namespace changeling::server::api
