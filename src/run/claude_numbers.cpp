#include "run/claude_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "run/foreign_json.hpp"
#include "store/usage_limits.hpp"
#include "support/json.hpp"
#include "support/terminal.hpp"

namespace changeling::run {
namespace {

using store::most_tokens;
using store::most_turns;

constexpr std::size_t kShownValue = 40;

std::int64_t sum(std::int64_t one, std::int64_t other, std::int64_t most) {
  return std::min(one + other, most);
}

store::TokenUsage sum(const store::TokenUsage& one, const store::TokenUsage& other) {
  return {sum(one.input, other.input, most_tokens), sum(one.output, other.output, most_tokens),
          sum(one.cache_read, other.cache_read, most_tokens),
          sum(one.cache_write, other.cache_write, most_tokens)};
}

store::TokenUsage larger(const store::TokenUsage& one, const store::TokenUsage& other) {
  return {std::max(one.input, other.input), std::max(one.output, other.output),
          std::max(one.cache_read, other.cache_read), std::max(one.cache_write, other.cache_write)};
}

bool is_possible(const Json& value, double most) {
  if (!value.is_number()) return false;
  const double number = value.get<double>();
  return std::isfinite(number) && number >= 0 && number <= most;
}

bool is_nothing(const store::TokenUsage& usage) {
  return usage.input == 0 && usage.output == 0 && usage.cache_read == 0 && usage.cache_write == 0;
}

}  // namespace

void ClaudeNumbers::refuse(const char* key, const Json& value) {
  const std::string shown =
      truncated(value.is_string() ? value.get<std::string>()
                                  : value.dump(-1, ' ', false, Json::error_handler_t::replace),
                kShownValue);
  const std::string sentence = fmt::format("{}: {}", key, shown);
  if (std::find(refused_.begin(), refused_.end(), sentence) == refused_.end()) refused_.push_back(sentence);
}

std::optional<double> ClaudeNumbers::amount(const Json& object, const char* key, double most) {
  const Json& value = member(object, key);
  if (value.is_null()) return std::nullopt;
  if (is_possible(value, most)) return value.get<double>();
  refuse(key, value);
  return std::nullopt;
}

std::optional<std::int64_t> ClaudeNumbers::count(const Json& object, const char* key, std::int64_t most) {
  const auto number = amount(object, key, static_cast<double>(most));
  if (!number) return std::nullopt;
  if (*number == std::floor(*number)) return static_cast<std::int64_t>(*number);
  refuse(key, member(object, key));
  return std::nullopt;
}

std::int64_t ClaudeNumbers::tokens_of(const Json& usage, const char* key) {
  return count(usage, key, most_tokens).value_or(0);
}

store::TokenUsage ClaudeNumbers::usage_of(const Json& usage) {
  return {tokens_of(usage, "input_tokens"), tokens_of(usage, "output_tokens"),
          tokens_of(usage, "cache_read_input_tokens"), tokens_of(usage, "cache_creation_input_tokens")};
}

store::TokenUsage ClaudeNumbers::usage_of_models(const Json& model_usage) {
  store::TokenUsage total;
  if (!model_usage.is_object()) return total;
  for (const Json& usage : model_usage) {
    total =
        sum(total, {tokens_of(usage, "inputTokens"), tokens_of(usage, "outputTokens"),
                    tokens_of(usage, "cacheReadInputTokens"), tokens_of(usage, "cacheCreationInputTokens")});
  }
  return total;
}

void ClaudeNumbers::note_message(const std::string& id, bool is_of_main_agent, const Json& usage) {
  since_result_[id] = {is_of_main_agent, usage_of(usage)};
}

void ClaudeNumbers::note_result(const Json& event) {
  // A result that says nothing of its own effort, as after some errors, has had that of its messages.
  const auto turns = count(event, "num_turns", most_turns);
  if (turns || !since_result_.empty())
    turns_ = sum(turns_.value_or(0), turns && *turns > 0 ? *turns : turns_since_result(), most_turns);
  const store::TokenUsage usage = usage_of(member(event, "usage"));
  if (member(event, "usage").is_object() || !since_result_.empty())
    of_results_ =
        sum(of_results_.value_or(store::TokenUsage{}), is_nothing(usage) ? tokens_since_result() : usage);
  // Both only grow; a result after an error may say less.
  of_models_ = larger(of_models_, usage_of_models(member(event, "modelUsage")));
  if (const auto cost = amount(event, "total_cost_usd", store::most_usd))
    cost_usd_ = std::max(cost_usd_.value_or(0), *cost);
  since_result_.clear();
}

std::int64_t ClaudeNumbers::turns_since_result() const {
  return std::count_if(since_result_.begin(), since_result_.end(),
                       [](const auto& entry) { return entry.second.is_turn; });
}

store::TokenUsage ClaudeNumbers::tokens_since_result() const {
  store::TokenUsage total;
  for (const auto& [id, message] : since_result_) total = sum(total, message.usage);
  return total;
}

std::optional<std::int64_t> ClaudeNumbers::turns() const {
  if (!turns_ && since_result_.empty()) return std::nullopt;
  return sum(turns_.value_or(0), turns_since_result(), most_turns);
}

std::optional<store::TokenUsage> ClaudeNumbers::tokens() const {
  if (!of_results_ && since_result_.empty()) return std::nullopt;
  // Sub-agents and helpers on smaller models are in `modelUsage` only.
  return sum(larger(of_results_.value_or(store::TokenUsage{}), of_models_), tokens_since_result());
}

}  // namespace changeling::run
