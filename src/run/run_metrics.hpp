#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "run/launcher.hpp"

namespace changeling::run {

/// {"turns","cost_usd","tokens"}, null where the agent does not tell.
nlohmann::json metrics_json(const Progress& progress);

/// Which numbers of an agent at work are told, and when: only what has changed, and not more often than a
/// reader can follow. Pure.
class RunMetrics {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds least_pause{5};

  /// What the agent has used by now.
  void note(const Progress& progress) { now_ = progress; }
  /// What is to be told at this moment, if anything; it then counts as told.
  std::optional<Progress> due(Moment moment);
  /// The same at the agent's end, however soon that comes.
  std::optional<Progress> rest();

 private:
  bool has_news() const;

  Progress now_;
  Progress told_;
  std::optional<Moment> last_;
};

}  // namespace changeling::run
