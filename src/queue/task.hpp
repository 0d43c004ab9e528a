#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::queue {

enum class TaskStatus { Inbox, Planning, Ready, InFlight, Review, Done, Blocked };
enum class Priority { Low, Medium, High, Urgent };
enum class Complexity { Xs, S, M, L, Xl };

std::string_view to_string(TaskStatus status);  ///< "in_flight"
std::string_view to_string(Priority priority);
std::string_view to_string(Complexity complexity);
/// Each throws Error(Invalid) that names the allowed words and, as the hint, the nearest one.
TaskStatus parse_status(std::string_view word);
Priority parse_priority(std::string_view word);
Complexity parse_complexity(std::string_view word);

/// What must be true for a task to count as done. Written "file:PATH", "run:COMMAND LINE", or any other text;
/// a text that itself begins with one of these words is written "text:file:…".
struct Criterion {
  enum class Kind {
    Text,     ///< Only a person can judge it; it sends the task to review.
    File,     ///< This path must exist in the result (or among the artifacts).
    Command,  ///< This command line must succeed in the worktree.
  };
  Kind kind = Kind::Text;
  std::string value;
  bool operator==(const Criterion&) const = default;
};
Criterion parse_criterion(std::string_view text);
std::string to_string(const Criterion& criterion);

struct Artifact {
  enum class Kind { File, PullRequest, Document, Link };
  Kind kind = Kind::File;
  std::string path;  ///< Path, URL, or number of the pull request.
  std::string description;
  Timestamp created_at{};
};
std::string_view to_string(Artifact::Kind kind);  ///< "file", "pr", "document", "link"
Artifact::Kind parse_artifact_kind(std::string_view word);

/// The right to work on a task. The token grows with every claim of the task and is never used again: whoever
/// holds an older one has lost the task and may neither write to it, nor push, nor open a pull request.
struct Lease {
  std::string owner;  ///< Name of the worker.
  std::int64_t token = 0;
  Timestamp expires_at{};
};

/// One finished try, for the next agent and for the limit of attempts.
struct Attempt {
  std::string run;  ///< Empty for a claim that expired without a run.
  std::string owner;
  std::string outcome;  ///< A run's outcome, "released", or "expired".
  std::string error;
  Timestamp ended_at{};
};

/// What a task waits for besides other tasks. Written "until:TIME", "person", "check:NAME" or
/// "check:NAME@BRANCH"; one that was opened says who did it.
struct Gate {
  enum class Kind {
    Time,    ///< Opens by itself.
    Person,  ///< Somebody approves the task.
    Check,   ///< A check of continuous integration succeeds.
  };
  Kind kind = Kind::Person;
  Timestamp until{};           ///< Of a time.
  std::string check;           ///< Its name as the forge shows it.
  std::string branch;          ///< Where it must succeed; empty: on the branch that work goes into.
  std::string opened_by = {};  ///< Empty while it is closed; a time never says.
  Timestamp opened_at = {};
  bool operator==(const Gate&) const = default;

  bool is_closed(Timestamp now) const;
  /// The same gate, whether opened or not.
  bool same_as(const Gate& other) const;
};
/// Throws Error(Invalid) that names the forms.
Gate parse_gate(std::string_view text);
std::string to_string(const Gate& gate);
/// "a person (git changeling task approve ID)", for a sentence that begins "task … waits for".
std::string describe(const Gate& gate, std::string_view task);

/// A work item. Lies at items/ab/cd/ID.json on the state ref. Times are UTC. A task has a lease exactly while
/// it is in flight.
struct Task {
  std::string id;  ///< Eight random letters and digits without look-alikes, see new_task_id.
  std::string title;
  std::string description;
  std::vector<Criterion> acceptance;
  TaskStatus status = TaskStatus::Inbox;
  Priority priority = Priority::Medium;
  std::optional<Complexity> complexity;
  std::vector<std::string> labels;      ///< Sorted, unique.
  std::string role;                     ///< Empty: any worker.
  std::vector<std::string> blocked_by;  ///< Ids, sorted, unique. What a task blocks is derived.
  std::string blocked_reason;           ///< Why the status is blocked; empty otherwise.
  std::string parent;                   ///< Id of the task that this one is a part of; empty: none.
  std::string discovered_from;          ///< Id of the task whose work brought this one to light; or empty.
  std::vector<Gate> gates;              ///< In the order in which they were given; all must be open.
  std::string assignee_agent;
  std::string assignee_run;
  std::vector<Artifact> artifacts;
  std::vector<Attempt> attempts;  ///< Oldest first.
  /// So many of the oldest attempts no longer count to the limit: a person has let the task go on since.
  std::int64_t forgiven_attempts = 0;
  std::optional<Lease> lease;   ///< While claimed.
  std::int64_t last_token = 0;  ///< The highest token given out so far.
  std::string source;           ///< Where it came from, such as "github:12"; empty: made here.
  Timestamp created_at{};
  std::string created_by;
  Timestamp updated_at{};
  std::string updated_by;
};

/// A random id. The first four letters, which name the record's folders, come from only sixteen: a folder
/// then has at most 256 entries. Every change writes its folders anew, and one of 900 entries costs four
/// times as much.
std::string new_task_id();
/// What can be the id of a task (imported ones may be longer): 5 to 64 small letters, digits and inner
/// hyphens.
bool is_task_id(std::string_view text);

}  // namespace changeling::queue
