#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/equipment.hpp"
#include "support/clock.hpp"

namespace changeling {

enum class OutputKind { PullRequest, Issue, Report };
enum class OverlapPolicy { Skip, Queue, Replace };
enum class CatchUpPolicy { None, Last, All };
enum class SandboxPolicy { Off, Auto, Required };
/// What a refused tool means for the run: it is noted with the result, or the result counts for nothing.
enum class RefusalPolicy { Note, Fail };

std::string_view to_string(OutputKind kind);
std::string_view to_string(OverlapPolicy policy);
std::string_view to_string(CatchUpPolicy policy);
std::string_view to_string(SandboxPolicy policy);
std::string_view to_string(RefusalPolicy policy);

/// A changeling with every value decided: what runs when nothing else is said. Built by resolve().
struct Definition {
  std::string name;
  std::string description;
  std::string template_name;  ///< Empty when it was written without a template.
  std::string agent;    ///< Agent type: "claude", "command", "mngr", "codex", "gemini" or a configured one.
  std::string command;  ///< For the agent type "command": a line for /bin/sh.
  std::string prompt;
  std::string title;        ///< Pattern of the pull request's title; {summary} and {name} are filled in.
  std::string base_branch;  ///< Empty: the repository's default branch.
  std::string schedule;     ///< Cron expression; empty when only run by hand or event.
  std::string timezone;     ///< IANA name; "UTC" unless set.
  std::vector<std::string> triggers;   ///< Events such as "post-merge".
  std::vector<std::string> paths;      ///< Globs; when not empty, changes elsewhere are refused.
  std::vector<std::string> arguments;  ///< Extra arguments for the agent program.
  std::map<std::string, std::string> environment;
  std::vector<std::string> secrets;  ///< Names of variables passed through from the user's environment.
  std::vector<std::string>
      permissions;                  ///< Tools the agent may use without asking, in the agent's own notation.
  std::vector<std::string> agents;  ///< Names of sub-agents.
  std::vector<std::string> skills;  ///< Names of skills.
  std::vector<std::string> verify;  ///< Command lines that must all succeed on the agent's result.
  std::vector<std::string> setup;   ///< Command lines run in the fresh worktree before the agent.
  std::vector<std::string> copy;    ///< Paths of untracked files copied from the user's work tree.
  Duration timeout{};               ///< For the agent; zero is never allowed.
  Duration silence_timeout{};       ///< Without any output; zero switches the limit off.
  std::int64_t max_turns = 0;       ///< 0: no limit.
  double budget_usd = 0;            ///< For one run; 0: no limit.
  double daily_budget_usd = 0;      ///< For all its runs of a day; 0: no limit.
  std::int64_t max_open_prs = 1;
  OverlapPolicy overlap = OverlapPolicy::Skip;
  CatchUpPolicy catch_up = CatchUpPolicy::Last;
  OutputKind output = OutputKind::PullRequest;
  SandboxPolicy sandbox = SandboxPolicy::Auto;
  std::vector<std::string> network{"full"};  ///< "full", "none", or the names of hosts, see network_list.hpp.
  std::vector<std::string> sandbox_read;   ///< Paths outside that are readable in the sandbox; "~/" is HOME.
  std::vector<std::string> sandbox_write;  ///< The same, writable.
  std::int64_t max_memory_mb = 0;          ///< In MiB; 0: no limit.
  std::int64_t max_processes = 4096;       ///< At the same time; 0: no limit.
  std::int64_t max_file_mb = 16 * 1024;    ///< Of one file that it writes, in MiB; 0: no limit.
  RefusalPolicy refusals = RefusalPolicy::Note;
  std::vector<std::string> labels;
  std::vector<std::string> reviewers;
  bool draft = false;
  bool draft_on_failure = false;  ///< Open a draft although verification failed.
  bool enabled = true;
  /// What `agents` and `skills` stand for, which whoever knows the records fills in (project::Helpers).
  Equipment equipment = {};
};

}  // namespace changeling
