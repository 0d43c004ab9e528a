#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>
#include "changeling/fields.hpp"
#include "run/start_triggers.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// What `run` and `retry` start.
struct RunOrder {
  std::string changeling;
  std::string trigger{run::manual_trigger};
  std::string retry_of;
  std::optional<Timestamp> scheduled_for;  ///< The time of the schedule, with the trigger "schedule".
  std::string run_id;                      ///< Empty: a new one. One that is taken is not used again.
  bool dry_run = false;
  bool detach = false;
  bool interactive = false;
  bool begin_only = false;          ///< See begin_run().
  std::filesystem::path hand_over;  ///< Of a run that was begun so: see RunRequest::hand_over. Or empty.
  Layer overrides;                  ///< What was typed for this run alone.
  /// Trailers of what it writes in the background: on whose behalf (Store::mark_operations).
  std::map<std::string, std::string> marks;
};

/// For the process that leads the run in the background: without the last flags, which are not for it.
nlohmann::json to_json(const RunOrder& order);
/// Throws Error(Invalid) when it is none.
RunOrder run_order_from_json(const nlohmann::json& object);

}  // namespace changeling::run
