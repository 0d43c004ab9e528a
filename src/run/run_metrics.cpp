#include "run/run_metrics.hpp"

#include <array>

#include "support/json.hpp"

namespace changeling::run {
namespace {

/// Turns, dollars and four kinds of tokens; what an agent does not tell differs from nought.
using Numbers = std::array<std::optional<double>, 6>;

std::optional<double> number(const std::optional<std::int64_t>& count) {
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

Numbers numbers_of(const Progress& progress) {
  Numbers numbers{number(progress.turns), progress.cost_usd};
  if (const auto& tokens = progress.tokens) {
    numbers[2] = static_cast<double>(tokens->input);
    numbers[3] = static_cast<double>(tokens->output);
    numbers[4] = static_cast<double>(tokens->cache_read);
    numbers[5] = static_cast<double>(tokens->cache_write);
  }
  return numbers;
}

}  // namespace

Json metrics_json(const Progress& progress) {
  Json json{{"turns", json_or_null(progress.turns)},
            {"cost_usd", json_or_null(progress.cost_usd)},
            {"tokens", nullptr}};
  if (const auto& tokens = progress.tokens) {
    json["tokens"] = {{"input", tokens->input},
                      {"output", tokens->output},
                      {"cache_read", tokens->cache_read},
                      {"cache_write", tokens->cache_write}};
  }
  return json;
}

bool RunMetrics::has_news() const {
  return numbers_of(now_) != numbers_of(told_);
}

std::optional<Progress> RunMetrics::due(Moment moment) {
  if (last_ && moment - *last_ < least_pause) return std::nullopt;
  auto news = rest();
  if (news) last_ = moment;
  return news;
}

std::optional<Progress> RunMetrics::rest() {
  if (!has_news()) return std::nullopt;
  told_ = now_;
  return told_;
}

}  // namespace changeling::run
