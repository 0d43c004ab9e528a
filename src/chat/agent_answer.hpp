#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "chat/proposal.hpp"

namespace changeling::chat {

/// What the agent of a chat has answered.
struct AgentAnswer {
  std::string text;
  std::optional<Proposal> proposal;
};

/// The longest text of an answer, in bytes.
inline constexpr std::size_t longest_answer = std::size_t{64} * 1024;

/// The JSON schema (2020-12) of an answer, made from the table of kinds.
nlohmann::json answer_schema();

/// Reads what an agent gave as its answer. Everything must be as the schema says it: a part of a wrong answer
/// is none. Throws Error(External) that says what is wrong.
AgentAnswer read_answer(std::string_view json);

}  // namespace changeling::chat
