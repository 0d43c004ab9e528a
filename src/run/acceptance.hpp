#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "queue/rules.hpp"
#include "sandbox/walls.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::run {

/// Where the result of a task lies when it is checked.
struct AcceptancePlace {
  std::filesystem::path work_tree;  ///< Paths of criteria are relative to it, commands run in it.
  std::filesystem::path artifacts;  ///< A folder whose files count too; may be empty.
  Environment environment;          ///< Complete, for the commands.
  Duration time_limit{};            ///< For each command; zero: none.
  sandbox::Walls walls = {};        ///< What holds the commands.
};

/// Told about each command before it runs.
using OnCommand = std::function<void(const std::string& command_line)>;

/// Runs one command line; nothing when it succeeds, otherwise a sentence.
using RunCriterion = std::function<std::optional<std::string>(const std::string& command_line)>;

/// Checks the task's criteria, all of them, and that every file among the new artifacts is there, inside the
/// two folders. Command lines are taken as approved (queue/criteria.hpp). A text and
/// a pull request are left to a person. Of `place` only the two folders are looked at.
queue::CompletionCheck check_acceptance(const queue::Task& task,
                                        const std::vector<queue::Artifact>& artifacts,
                                        const AcceptancePlace& place, const RunCriterion& run_criterion);

/// The same with commands that just run. What a failed one printed last is part of its sentence.
queue::CompletionCheck check_acceptance(const queue::Task& task,
                                        const std::vector<queue::Artifact>& artifacts,
                                        const AcceptancePlace& place, ProcessRunner& processes,
                                        const OnCommand& on_command);

}  // namespace changeling::run
