#include "run/claude_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "run/foreign_json.hpp"
#include "support/json.hpp"
#include "support/terminal.hpp"

namespace changeling::run {
namespace {

/// Beyond this a double, which is what other programs keep numbers in, does not hold every whole number.
constexpr std::int64_t kLargest = std::int64_t{1} << 53;
constexpr std::size_t kShownValue = 40;

std::int64_t sum(std::int64_t one, std::int64_t other) {
  return std::min(one + other, kLargest);
}

store::TokenUsage sum(const store::TokenUsage& one, const store::TokenUsage& other) {
  return {sum(one.input, other.input), sum(one.output, other.output), sum(one.cache_read, other.cache_read),
          sum(one.cache_write, other.cache_write)};
}

store::TokenUsage larger(const store::TokenUsage& one, const store::TokenUsage& other) {
  return {std::max(one.input, other.input), std::max(one.output, other.output),
          std::max(one.cache_read, other.cache_read), std::max(one.cache_write, other.cache_write)};
}

bool is_possible(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= std::uint64_t{kLargest};
  if (!value.is_number()) return false;
  const double number = value.get<double>();
  return std::isfinite(number) && number >= 0 && number <= static_cast<double>(kLargest);
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

std::optional<double> ClaudeNumbers::amount(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (value.is_null()) return std::nullopt;
  if (is_possible(value)) return value.get<double>();
  refuse(key, value);
  return std::nullopt;
}

std::optional<std::int64_t> ClaudeNumbers::count(const Json& object, const char* key) {
  const auto number = amount(object, key);
  if (!number) return std::nullopt;
  if (*number == std::floor(*number)) return static_cast<std::int64_t>(*number);
  refuse(key, member(object, key));
  return std::nullopt;
}

store::TokenUsage ClaudeNumbers::usage_of(const Json& usage) {
  return {count(usage, "input_tokens").value_or(0), count(usage, "output_tokens").value_or(0),
          count(usage, "cache_read_input_tokens").value_or(0),
          count(usage, "cache_creation_input_tokens").value_or(0)};
}

store::TokenUsage ClaudeNumbers::usage_of_models(const Json& model_usage) {
  store::TokenUsage total;
  if (!model_usage.is_object()) return total;
  for (const Json& usage : model_usage) {
    total = sum(total, {count(usage, "inputTokens").value_or(0), count(usage, "outputTokens").value_or(0),
                        count(usage, "cacheReadInputTokens").value_or(0),
                        count(usage, "cacheCreationInputTokens").value_or(0)});
  }
  return total;
}

void ClaudeNumbers::note_message(const std::string& id, bool is_of_main_agent, const Json& usage) {
  since_result_[id] = {is_of_main_agent, usage_of(usage)};
}

void ClaudeNumbers::note_result(const Json& event) {
  // A result that says nothing of its own effort, as after some errors, has had that of its messages.
  const auto turns = count(event, "num_turns");
  if (turns || !since_result_.empty())
    turns_ = sum(turns_.value_or(0), turns && *turns > 0 ? *turns : turns_since_result());
  const store::TokenUsage usage = usage_of(member(event, "usage"));
  if (member(event, "usage").is_object() || !since_result_.empty())
    of_results_ =
        sum(of_results_.value_or(store::TokenUsage{}), is_nothing(usage) ? tokens_since_result() : usage);
  // Both only grow; a result after an error may say less.
  of_models_ = larger(of_models_, usage_of_models(member(event, "modelUsage")));
  if (const auto cost = amount(event, "total_cost_usd")) cost_usd_ = std::max(cost_usd_.value_or(0), *cost);
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
  return sum(turns_.value_or(0), turns_since_result());
}

std::optional<store::TokenUsage> ClaudeNumbers::tokens() const {
  if (!of_results_ && since_result_.empty()) return std::nullopt;
  // Sub-agents and helpers on smaller models are in `modelUsage` only.
  return sum(larger(of_results_.value_or(store::TokenUsage{}), of_models_), tokens_since_result());
}

}  // namespace changeling::run
