#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/services.hpp"
#include "run/agent_folders.hpp"
#include "run/runner.hpp"
#include "sandbox/control_group.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/proxy.hpp"
#include "sandbox/walls.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// The walls of one run: whether there are any, what they are made of, and what has to be put away after
/// them.
class RunWalls {
 public:
  RunWalls(const project::Services& services, const RunRequest& request, project::RunFiles files)
      : services_(services), request_(request), files_(std::move(files)) {}

  /// Decides what stands, by the definition and the user's word. Throws Error(Refused) where a sandbox is
  /// required and cannot be had.
  store::Walls choose();
  /// One sentence about what does not stand; empty when there is nothing to say.
  const std::string& remark() const { return remark_; }
  /// Makes the folders and the proxy of the run. `environment` is what its commands get.
  void build(const std::filesystem::path& worktree, const Environment& environment);
  /// What holds every command of the run.
  const sandbox::Walls& walls() const { return walls_; }
  /// The same around a check in another folder, which has a home and a /tmp of its own: it sees the artifacts
  /// and nothing else of the agent's.
  sandbox::Walls walls_around(const std::filesystem::path& folder,
                              const std::filesystem::path& artifacts) const;
  /// Hosts that the proxy has refused since the last call.
  std::vector<std::string> take_refused_hosts();
  /// Removes home and proxy, and moves aside what the run has put where the agent's own settings would be.
  /// Returns a sentence about each of those.
  std::vector<std::string> take_down();

 private:
  bool has_list() const;
  void set_limits();
  void open_agent_folders(const std::filesystem::path& home, const Environment& environment);
  std::vector<std::string> network_list() const;

  const project::Services& services_;
  const RunRequest& request_;
  project::RunFiles files_;
  sandbox::Probe probe_;
  std::string remark_;
  std::filesystem::path worktree_;
  sandbox::Walls walls_;
  std::vector<AgentFolder> agent_folders_;
  std::vector<std::filesystem::path> must_not_appear_;
  std::optional<sandbox::ProxyProcess> proxy_;
  std::optional<sandbox::ControlGroup> group_;
};

/// The home, /tmp and proxy of a run, which are nobody's when it is over.
void remove_sandbox_folders(const project::RunFiles& files);
/// The name of the control group of a run.
std::string control_group_of(const std::string& run_id);

}  // namespace changeling::run
