#pragma once

#include <span>
#include <string_view>

namespace changeling::run {

// What starts a run, as its record and its events say it. Events of git and webhooks are triggers, too.

inline constexpr std::string_view manual_trigger = "manual";
inline constexpr std::string_view schedule_trigger = "schedule";
inline constexpr std::string_view task_trigger = "task";
inline constexpr std::string_view retry_trigger = "retry";
/// Followed by the webhook's name.
inline constexpr std::string_view webhook_trigger = "webhook:";

/// Whether a person stands behind the start.
enum class Attendance { Person, Nobody };
/// Whether a deployed runner may say it with `run --trigger`.
enum class Saying { Here, Deployed };

struct TriggerRow {
  std::string_view word;
  Attendance attendance = Attendance::Nobody;
  Saying saying = Saying::Here;
  std::string_view sentence;
};

/// All but the webhooks, which have names of their own.
std::span<const TriggerRow> triggers();
/// Those that `run --trigger` takes.
std::span<const TriggerRow> deployed_triggers();

/// Whether it starts runs without a person.
bool is_unattended(std::string_view trigger);

/// Throws Error(Usage) "option --trigger: …" with the nearest right one.
void check_trigger(std::string_view trigger);

}  // namespace changeling::run
