#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/proposal.hpp"
#include "support/clock.hpp"

namespace changeling::chat {

/// What the user has said to a proposal.
enum class Decision { Open, Confirmed, Declined };
std::string_view to_string(Decision decision);

/// Where a message stands.
enum class MessageState {
  Answering,  ///< The agent is at work.
  Answered,
  Failed,  ///< There is no answer, and why.
  CutOff   ///< The process that was to bring the answer is gone.
};
std::string_view to_string(MessageState state);

/// A message of the user's with what came of it.
struct Message {
  Timestamp sent_at{};
  std::string text;
  std::string sender;                     ///< Who has sent it; empty: at this machine's command line.
  std::optional<double> set_aside_usd{};  ///< What it might cost; nothing for an agent that tells no costs.
  MessageState state = MessageState::Answering;
  std::optional<Timestamp> answered_at{};
  std::string answer{};
  std::string problem{};  ///< Why there is no answer.
  std::optional<Proposal> proposal{};
  std::optional<double> cost_usd{};
  std::optional<std::int64_t> turns{};
  Decision decision = Decision::Open;
  std::optional<Timestamp> decided_at{};
  std::string difference{};  ///< Of a proposal that is confirmed: what was shown.
  std::string result{};      ///< Of one that is confirmed: the name or id of what was made.

  /// What it counts for among what chats cost: what it has cost, or, where nobody has told, what was set
  /// aside.
  double counted_cost() const;
};

/// A conversation with an agent. It lies on this machine only.
struct Session {
  std::string id;
  Timestamp created_at{};
  std::string agent;  ///< The agent type that it was begun with.
  std::vector<Message> messages;

  double cost_usd() const;
  /// The newest moment at which something happened.
  Timestamp touched_at() const;
};

/// What can be the id of a session: 8 to 32 small letters and digits.
bool is_session_id(std::string_view text);
std::string new_session_id();

// A session is a file of JSON lines, each of which says what has happened next. A last line that was cut off
// is none, and so is one that says nothing that is known.

std::string opening_line(const Session& session);
/// A new message; the agent is at work on it from then on.
std::string message_line(const Message& message);
/// What came of the newest message.
std::string answer_line(const Message& message);
/// What the user has said to the proposal of message `number`, which counts from 0.
std::string decision_line(std::size_t number, const Message& message);

/// Throws Error(Invalid) for a text that does not begin as a session. A message that nobody has answered is
/// CutOff, unless `is_at_work`.
Session read_session(std::string_view text, bool is_at_work);

}  // namespace changeling::chat
