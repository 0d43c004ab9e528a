#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "forge/forge.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "project/places.hpp"
#include "project/start_limits.hpp"
#include "secrets/redact.hpp"
#include "store/run_index.hpp"
#include "store/store.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/interruption.hpp"
#include "support/process.hpp"

namespace changeling::project {

/// What a run works with, of one project. Everything must outlive the run.
struct Services {
  git::Repository& repository;
  store::Store& store;
  store::RunIndex& runs;  ///< Of the store; brought up by whoever asks.
  const git::GitProgram& git;
  ProcessRunner& processes;
  forge::Forge& forge;
  const Clock& clock;
  const Environment& environment;  ///< Of this process; agents get a part of it.
  const project::Places& places;
  std::string remote;  ///< Where branches are pushed; empty without a remote.
  std::string host;    ///< Name of this machine.
  /// Values in use that must never be stored, such as the forge's token.
  std::vector<std::string> secrets = {};
  /// Makes the beginning of a run known to the other machines; null when nothing is shared by itself.
  store::Publisher* publisher = nullptr;
  project::StartLimits limits = {};
  /// Gets the events of a run, see docs/events.md; may be empty.
  std::function<void(std::string_view event, const nlohmann::json& fields)> on_event = {};
  /// What `git`, `forge` and `publisher` ask whether to go on waiting; null where nobody can stop them.
  Interruption* interruption = nullptr;
};

}  // namespace changeling::project
