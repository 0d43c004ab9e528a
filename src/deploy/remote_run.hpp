#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "project/project.hpp"
#include "run/run_order.hpp"
#include "store/deployment_record.hpp"
#include "store/run_record.hpp"

namespace changeling::deploy {

/// How the other side says that a run ended, and where people can read more.
struct RemoteEnd {
  bool success = false;
  std::string description;  ///< "GitHub Actions: failure, https://…"
};

/// A run that was started where a changeling is deployed to.
struct RemoteRun {
  std::string id;
  std::optional<RemoteEnd> end;            ///< Nothing: it goes on there.
  std::optional<store::RunRecord> record;  ///< Once it has ended and its record is here.
};

/// Throws Error(Usage) for an order that only this machine could carry out, and Error(NotFound) when the
/// changeling is not deployed there.
store::DeploymentRecord deployed_for(project::Project& project, const run::RunOrder& order,
                                     store::DeploymentTarget target);

/// Starts the run where the changeling is deployed to, and unless the order says detach, follows it to its
/// end and brings its record here. `on_output` gets what the other side prints meanwhile. Throws
/// Error(Interrupted) when a signal asks to stop; the run goes on.
RemoteRun run_there(project::Project& project, const store::DeploymentRecord& deployment,
                    const run::RunOrder& order, const std::function<void(std::string_view)>& on_output);

}  // namespace changeling::deploy
