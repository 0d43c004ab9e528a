#include "cli/limits.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr double most_money = 1e9;

std::optional<double> amount(const git::Repository& repository, const std::string& key) {
  const auto text = repository.config(key);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size() || !std::isfinite(value) || value < 0 ||
      value > most_money) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: '{}' is no amount of US dollars", key, shortened(*text)),
                fmt::format("for example: git config {} 10.00", key));
  }
  return value;
}

}  // namespace

run::StartLimits start_limits(const git::Repository& repository) {
  run::StartLimits limits;
  limits.caps = {amount(repository, "changeling.dailyBudget"),
                 amount(repository, "changeling.monthlyBudget")};
  if (const auto text = repository.config("changeling.cooldown")) {
    try {
      limits.first_pause = parse_duration(*text);
    } catch (const Error& error) {
      throw Error(ErrorKind::Invalid, fmt::format("changeling.cooldown: {}", error.what()), error.hint());
    }
  }
  return limits;
}

}  // namespace changeling::cli
