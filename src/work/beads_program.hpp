#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::work {

/// Where and how `bd` is started.
struct BeadsPlace {
  std::filesystem::path directory;  ///< The work tree whose .beads is meant.
  Environment environment;          ///< With the user's BEADS_DIR and so on.
  std::chrono::milliseconds time_limit = std::chrono::minutes(1);
};

/// The `bd` program of beads, 1.0 or newer: starts it, and understands both shapes of its answers (a bare
/// value, or {"schema_version","data"} as with BD_JSON_ENVELOPE=1) and its errors.
class BeadsProgram {
 public:
  /// `bd` itself said no, or nothing that can be read.
  struct Failure {
    std::string reason;
  };
  using Answer = std::variant<nlohmann::json, Failure>;

  /// `processes` must outlive this.
  BeadsProgram(ProcessRunner& processes, BeadsPlace place);

  /// Throws Error(NotFound) with a hint when bd is missing, when only its npm wrapper is there, and when it
  /// has no database here; Error(External) when it is older than 1.0.
  void check_version();
  /// `bd ARGUMENTS… --json --actor ACTOR`; throws Error(NotFound) as check_version.
  Answer call(std::vector<std::string> arguments, const std::string& actor);

 private:
  ProcessResult start(std::vector<std::string> arguments);

  ProcessRunner& processes_;
  BeadsPlace place_;
};

}  // namespace changeling::work
