#pragma once

#include <filesystem>
#include <string>

#include "changeling/definition.hpp"

namespace changeling::run {

struct PromptContext {
  std::string repository;  ///< Its display name.
  std::string base_branch;
  std::filesystem::path artifacts;
  bool continues_pull_request = false;  ///< The worktree holds the work of an open pull request.
};

/// The rules that hold for every agent in a worktree of ours: what it may touch, how its work is checked and
/// handed over. Written to .changeling/AGENTS.md in the worktree and put in front of the prompt.
std::string scoped_instructions(const Definition& definition, const PromptContext& context);

/// Instructions and the definition's own prompt, as the agent gets it.
std::string compose_prompt(const Definition& definition, const PromptContext& context);

}  // namespace changeling::run
