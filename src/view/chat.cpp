#include "view/chat.hpp"

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::view {
namespace {

constexpr std::size_t longest_title = 120;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json proposal_json(project::Project& project, const chat::Message& message) {
  if (!message.proposal) return nullptr;
  Json json = chat::to_json(*message.proposal);
  json["decision"] = to_string(message.decision);
  json["decided_at"] = json_or_null(message.decided_at);
  json["result"] = text_or_null(message.result);
  json["difference"] = text_or_null(message.difference);
  json["is_new"] = json["digest"] = json["problem"] = nullptr;
  if (message.decision != chat::Decision::Open) return json;
  try {
    const chat::Preview preview = chat::preview(project, *message.proposal);
    json["is_new"] = preview.is_new;
    json["difference"] = preview.difference;
    json["digest"] = preview.digest;
  } catch (const Error& error) {
    json["problem"] = with_hint(error);
  }
  return json;
}

Json message_json(project::Project& project, const chat::Message& message) {
  return {{"sent_at", format_timestamp(message.sent_at)},     {"text", message.text},
          {"sender", text_or_null(message.sender)},           {"state", to_string(message.state)},
          {"answered_at", json_or_null(message.answered_at)}, {"answer", text_or_null(message.answer)},
          {"problem", text_or_null(message.problem)},         {"proposal", proposal_json(project, message)},
          {"cost_usd", json_or_null(message.cost_usd)},       {"turns", json_or_null(message.turns)}};
}

}  // namespace

Json chat_card(const chat::Session& session) {
  const bool is_answering =
      !session.messages.empty() && session.messages.back().state == chat::MessageState::Answering;
  return {{"id", session.id},
          {"title", session.messages.empty() ? std::string()
                                             : shortened(session.messages.front().text, longest_title)},
          {"agent", session.agent},
          {"created_at", format_timestamp(session.created_at)},
          {"touched_at", format_timestamp(session.touched_at())},
          {"messages_count", session.messages.size()},
          {"answering", is_answering},
          {"cost_usd", session.cost_usd()}};
}

Json to_json(project::Project& project, const chat::Session& session) {
  Json json = chat_card(session);
  json["messages"] = Json::array();
  for (const chat::Message& message : session.messages)
    json["messages"].push_back(message_json(project, message));
  return json;
}

Json to_json(const chat::DayCost& cost) {
  return {{"spent_usd", cost.spent_usd}, {"cap_usd", json_or_null(cost.cap_usd)}};
}

Json to_json(const chat::Proposal& proposal, const chat::Written& written) {
  return {{"kind", to_string(proposal.kind)},
          {"name", written.name},
          {"is_new", written.is_new},
          {"trusted", written.trusted}};
}

}  // namespace changeling::view
