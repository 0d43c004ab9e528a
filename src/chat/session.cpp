#include "chat/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::chat {
namespace {

constexpr std::array decision_words{"open", "confirmed", "declined"};
constexpr std::array state_words{"answering", "answered", "failed", "cut-off"};

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string text_in(const Json& json, std::string_view key) {
  return json_string(json, key).value_or("");
}

void read_message(const Json& json, Session& session) {
  Message message;
  message.sent_at = json_timestamp(json, "at").value();
  message.text = text_in(json, "text");
  message.sender = text_in(json, "sender");
  message.set_aside_usd = json_number(json, "set_aside_usd");
  session.messages.push_back(std::move(message));
}

void read_answer_line(const Json& json, Session& session) {
  Message& message = session.messages.at(session.messages.size() - 1);
  message.answered_at = json_timestamp(json, "at");
  message.answer = text_in(json, "text");
  message.problem = text_in(json, "problem");
  message.cost_usd = json_number(json, "cost_usd");
  message.turns = json_integer(json, "turns");
  message.state = message.problem.empty() ? MessageState::Answered : MessageState::Failed;
  const auto proposal = json.find("proposal");
  if (proposal != json.end() && !proposal->is_null()) message.proposal = proposal_from_json(*proposal);
}

void read_decision(const Json& json, Session& session) {
  Message& message = session.messages.at(static_cast<std::size_t>(json_integer(json, "message").value()));
  message.decision =
      text_in(json, "decision") == decision_words[1] ? Decision::Confirmed : Decision::Declined;
  message.decided_at = json_timestamp(json, "at");
  message.difference = text_in(json, "difference");
  message.result = text_in(json, "result");
}

void read_line(const Json& json, Session& session) {
  const std::string what = text_in(json, "line");
  if (what == "message") read_message(json, session);
  if (what == "answer") read_answer_line(json, session);
  if (what == "decision") read_decision(json, session);
}

}  // namespace

std::string_view to_string(Decision decision) {
  return decision_words[static_cast<std::size_t>(decision)];
}

std::string_view to_string(MessageState state) {
  return state_words[static_cast<std::size_t>(state)];
}

double Message::counted_cost() const {
  return cost_usd.value_or(set_aside_usd.value_or(0));
}

double Session::cost_usd() const {
  double sum = 0;
  for (const Message& message : messages) sum += message.cost_usd.value_or(0);
  return sum;
}

Timestamp Session::touched_at() const {
  Timestamp newest = created_at;
  for (const Message& message : messages)
    newest = std::max(
        {newest, message.sent_at, message.answered_at.value_or(newest), message.decided_at.value_or(newest)});
  return newest;
}

bool is_session_id(std::string_view text) {
  return text.size() >= 8 && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
}

std::string new_session_id() {
  constexpr std::size_t length = 10;
  return random_id(length);
}

std::string opening_line(const Session& session) {
  return line_of({{"line", "session"},
                  {"id", session.id},
                  {"at", format_timestamp(session.created_at)},
                  {"agent", session.agent}});
}

std::string message_line(const Message& message) {
  return line_of({{"line", "message"},
                  {"at", format_timestamp(message.sent_at)},
                  {"text", message.text},
                  {"sender", message.sender},
                  {"set_aside_usd", json_or_null(message.set_aside_usd)}});
}

std::string answer_line(const Message& message) {
  return line_of({{"line", "answer"},
                  {"at", json_or_null(message.answered_at)},
                  {"text", message.answer},
                  {"problem", message.problem},
                  {"proposal", message.proposal ? to_json(*message.proposal) : Json(nullptr)},
                  {"cost_usd", json_or_null(message.cost_usd)},
                  {"turns", json_or_null(message.turns)}});
}

std::string decision_line(std::size_t number, const Message& message) {
  return line_of({{"line", "decision"},
                  {"message", number},
                  {"decision", to_string(message.decision)},
                  {"at", json_or_null(message.decided_at)},
                  {"difference", message.difference},
                  {"result", message.result}});
}

Session read_session(std::string_view text, bool is_at_work) {
  Session session;
  for (const std::string& line : split_lines(text)) {
    const Json json = Json::parse(line, nullptr, false);
    if (session.id.empty()) {
      if (!json.is_object() || !is_session_id(text_in(json, "id")) || !json_timestamp(json, "at"))
        throw Error(ErrorKind::Invalid, "this is no session of a chat");
      session.id = text_in(json, "id");
      session.created_at = *json_timestamp(json, "at");
      session.agent = text_in(json, "agent");
      continue;
    }
    if (!json.is_object()) continue;
    try {
      read_line(json, session);
    } catch (const std::exception&) {
      // What somebody has put there by hand, or another version of this program.
    }
  }
  if (session.id.empty()) throw Error(ErrorKind::Invalid, "this is no session of a chat");
  for (std::size_t number = 0; number < session.messages.size(); ++number) {
    Message& message = session.messages[number];
    const bool is_newest = number + 1 == session.messages.size();
    if (message.state == MessageState::Answering && !(is_newest && is_at_work))
      message.state = MessageState::CutOff;
  }
  return session;
}

}  // namespace changeling::chat
