#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "deploy/deployments.hpp"
#include "project/halt.hpp"
#include "project/outbox.hpp"
#include "run/mngr_agents.hpp"
#include "run/progress_file.hpp"
#include "run/question.hpp"
#include "run/spending.hpp"
#include "triggers/overview.hpp"
#include "work/held_logins.hpp"
#include "work/session.hpp"

namespace changeling::view {

/// A run that goes on.
struct RunningRun {
  store::RunRecord record;
  std::optional<run::LiveProgress> live;      ///< While somebody leads it on this machine.
  bool lost = false;                          ///< Its machine is presumed dead.
  std::vector<run::Question> questions = {};  ///< Of its agent, that wait for an answer.
};

/// Where a repository stands, gathered once.
struct Status {
  std::vector<RunningRun> running;
  triggers::Overviews overviews;
  std::vector<std::pair<queue::TaskStatus, std::size_t>> queue;  ///< Empty for an empty queue.
  run::Spent spent;
  std::string cap_reached;  ///< Which cap keeps every task from being started, as a sentence; empty: none.
  std::size_t worktrees = 0;
  std::uint64_t worktree_bytes = 0;
  run::KnownMngrAgents agents;  ///< Of mngr.
  std::vector<deploy::DeploymentOverview> deployments;
  std::vector<project::OutboxEntry> outbox;
  std::vector<work::SessionRecord> sessions;
  std::vector<work::HeldLogin> missing_logins;
  std::optional<project::Halt> halt;
  bool acceptance_remains = false;                 ///< A `review accept` was killed before its end.
  std::optional<Timestamp> last_tick;              ///< Only where a changeling has a schedule.
  std::vector<std::string> notification_problems;  ///< A sentence for each channel that fails.
  std::string timer_problem;                       ///< See triggers::timer_problem; as the line above.
};

/// `sessions` are those of work::current_sessions(). Changes nothing; damaged records are noted with the
/// project.
Status read_status(project::Project& project, std::vector<work::SessionRecord> sessions);

/// As `status` answers it.
nlohmann::json to_json(project::Project& project, const Status& status);

}  // namespace changeling::view
