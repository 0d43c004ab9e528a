#pragma once

#include <string>
#include <vector>

#include "changeling/skill.hpp"
#include "changeling/subagent.hpp"

namespace changeling {

/// What a run's agent gets besides its prompt: the sub-agents and skills that are named for it, with their
/// whole content. It is part of what is approved.
struct Equipment {
  std::vector<Subagent> agents;
  std::vector<Skill> skills;  ///< Also those of the sub-agents, each once.
  /// Sentences: what is named and is not there, or cannot be read. A run does not begin with any.
  std::vector<std::string> missing;

  bool empty() const { return agents.empty() && skills.empty() && missing.empty(); }
  bool operator==(const Equipment&) const = default;
};

}  // namespace changeling
