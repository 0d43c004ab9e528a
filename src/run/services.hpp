#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "forge/forge.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "run/launcher.hpp"
#include "run/places.hpp"
#include "run/start_limits.hpp"
#include "run/steps.hpp"
#include "store/run_index.hpp"
#include "store/store.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/interruption.hpp"
#include "support/process.hpp"
#include "support/redact.hpp"

namespace changeling::run {

/// What a run works with. The command line owns all of it; everything must outlive the run.
struct Services {
  git::Repository& repository;
  store::Store& store;
  store::RunIndex& runs;  ///< Of the store; brought up by whoever asks.
  const git::GitProgram& git;
  ProcessRunner& processes;
  forge::Forge& forge;
  const Clock& clock;
  const Environment& environment;  ///< Of this process; agents get a part of it.
  const Places& places;
  std::string remote;  ///< Where branches are pushed; empty without a remote.
  std::string host;    ///< Name of this machine.
  /// Values in use that must never be stored, such as the forge's token.
  std::vector<std::string> secrets = {};
  /// Makes the beginning of a run known to the other machines; null when nothing is shared by itself.
  store::Publisher* publisher = nullptr;
  StartLimits limits = {};
  /// Gets the events of a run, see docs/events.md; may be empty.
  std::function<void(std::string_view event, const nlohmann::json& fields)> on_event = {};
  /// What `git`, `forge` and `publisher` ask whether to go on waiting; null where nobody can stop them.
  Interruption* interruption = nullptr;
};

/// Told what happens, while it happens. Members may be empty.
struct Observer {
  std::function<void(Step)> on_step;                 ///< Right before each.
  std::function<void(std::string_view)> on_message;  ///< One sentence for people.
  std::function<void(const Progress&)> on_progress;
  std::function<bool()> stop_requested;  ///< The user wants to stop; asked a few times a second.
};

}  // namespace changeling::run
