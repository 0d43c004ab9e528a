#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "work/task_source.hpp"

namespace changeling::work {

// What sources outside the own queue have in common.

/// Labels that a task must carry: that of the role ("role-{role}" by default) and the filter's own.
std::vector<std::string> wanted_labels(const queue::ClaimFilter& filter, const std::string& role_label);

/// An id that the rest of the program accepts (see queue::is_task_id), made of the source's name and what it
/// calls the task: "github-12", "beads-proj-a3f8". The id itself where it is acceptable already.
std::string local_id(std::string_view source, std::string_view foreign_id);

/// Whether the worker does not want the task of this local id now.
bool excepted(const queue::ClaimFilter& filter, const std::string& id);

/// What comes behind "SOURCE:" in the task's source; throws Error(Internal) for a task of another source.
std::string foreign_id(const SourcedClaim& claim, std::string_view source);

/// The pull requests and links among the artifacts, as they are written in a sentence: "#12", "https://…".
std::vector<std::string> shown_results(const TaskResult& result);

/// An attempt that a worker ended of its own accord is no failure of the task.
bool counts_as_failure(const TaskResult& result);

}  // namespace changeling::work
