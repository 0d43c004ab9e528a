#pragma once

#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "deploy/requirements.hpp"

namespace changeling::deploy {

/// What the workflow of a changeling depends on besides its definition.
struct WorkflowSettings {
  std::string state_reference;
  /// The definition that the runner may run: portable_digest of changeling/approval_subject.hpp.
  std::string digest;
  /// "OWNER/REPOSITORY@COMMIT" of the action that installs git-changeling; empty: it is on the runner's PATH.
  std::string action;
  std::string runner = "ubuntu-24.04";
  std::string token_secret;           ///< Empty: the token that Actions makes for the job.
  std::vector<std::string> packages;  ///< Of Debian and Ubuntu.
  bool uses_lfs = false;              ///< The agent gets the content of files that git-lfs keeps.
};

/// ".github/workflows/changeling-NAME.yml"
std::string workflow_path(std::string_view changeling);

/// The input of the workflow that carries the id for the run; its runs have the id in their title.
inline constexpr std::string_view run_id_input = "run";

/// The workflow file, the same bytes for the same arguments. No value of the definition is part of a script,
/// and no secret's value of anything. Throws Error(Refused) for a schedule that GitHub cannot keep and
/// Error(Usage) for settings that cannot be.
std::string write_workflow(const Definition& definition, const Requirements& needs,
                           const WorkflowSettings& settings);

}  // namespace changeling::deploy
