#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store/run_record.hpp"

namespace changeling::run {

/// Turns, tokens and money of a whole run of Claude Code. Of a result `num_turns` and `usage` are its own,
/// while `total_cost_usd` and `modelUsage` are those of everything so far; what came after the last result is
/// only known from the messages. Numbers that cannot be (negative, more than 2^53, not finite) are not
/// counted.
class ClaudeNumbers {
 public:
  /// A message of the model, repeated for each of its blocks. A sub-agent's costs tokens but is no turn of
  /// the agent whose turns are limited.
  void note_message(const std::string& id, bool is_of_main_agent, const nlohmann::json& usage);
  void note_result(const nlohmann::json& event);

  std::optional<std::int64_t> turns() const;
  std::optional<store::TokenUsage> tokens() const;
  std::optional<double> cost_usd() const { return cost_usd_; }
  /// What was not counted, each kind once, such as "num_turns: -3".
  const std::vector<std::string>& refused() const { return refused_; }

 private:
  struct Message {
    bool is_turn = false;
    store::TokenUsage usage;
  };

  std::optional<double> amount(const nlohmann::json& object, const char* key, double most);
  std::optional<std::int64_t> count(const nlohmann::json& object, const char* key, std::int64_t most);
  std::int64_t tokens_of(const nlohmann::json& usage, const char* key);
  store::TokenUsage usage_of(const nlohmann::json& usage);
  store::TokenUsage usage_of_models(const nlohmann::json& model_usage);
  void refuse(const char* key, const nlohmann::json& value);
  std::int64_t turns_since_result() const;
  store::TokenUsage tokens_since_result() const;

  std::map<std::string, Message> since_result_;
  std::optional<std::int64_t> turns_;            ///< Of all results.
  std::optional<store::TokenUsage> of_results_;  ///< Their usage, summed up.
  store::TokenUsage of_models_;                  ///< The cumulative usage of the last result that has it.
  std::optional<double> cost_usd_;
  std::vector<std::string> refused_;
};

}  // namespace changeling::run
