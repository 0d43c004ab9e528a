#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "run/targets.hpp"

namespace changeling::run {

struct PromptContext {
  std::string repository;  ///< Its display name.
  std::string base_branch;
  std::filesystem::path artifacts;
  bool continues_pull_request = false;      ///< The worktree holds the work of an open pull request.
  std::string task = {};                    ///< The task's part of the prompt, added as it is; may be empty.
  std::vector<RestingTarget> resting = {};  ///< What the agent is told not to choose.
  /// What caused the run, written by others: the agent gets it as data between marks. May be empty.
  std::string occasion = {};
  /// What reviewers have said of the pull request that is gone on with, as data between marks. May be empty.
  std::string feedback = {};
  bool can_ask = false;        ///< Its user can be asked (questions.hpp).
  std::string equipment = {};  ///< See equipment_section(); may be empty.
};

/// The rules that hold for every agent in a worktree of ours: what it may touch, how its work is checked and
/// handed over. Put in front of the prompt and, with the task, written to .changeling/AGENTS.md.
std::string scoped_instructions(const Definition& definition, const PromptContext& context);

/// Instructions and the definition's own prompt, as the agent gets it.
std::string compose_prompt(const Definition& definition, const PromptContext& context);

}  // namespace changeling::run
