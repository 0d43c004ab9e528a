#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/fields.hpp"
#include "changeling/templates.hpp"

namespace changeling {

/// The sources a value can come from, weakest first. A value of a later source replaces that of an earlier
/// one as a whole (lists are not joined).
enum class SourceRank {
  Default,
  Template,
  UserDefaults,
  RepositoryFile,
  StateRef,
  UserOverrides,
  CommandLine
};

struct RankedLayer {
  SourceRank rank;
  Layer layer;
};

/// A definition and where each of its values came from.
struct Resolved {
  Definition definition;
  std::map<std::string, std::string> origins;  ///< Field key to Layer::origin; every field has one.
  std::string source;  ///< The strongest of the sources that define the changeling itself: "state", "file",
                       ///< "command-line".
};

/// Merges the layers by rank; among layers of one rank the later one wins. The defaults need not be given.
/// The template is looked up through the merged value of `template`, the repository's own first, and joins as
/// SourceRank::Template. A `run` without an `agent` in the same or a stronger layer makes the agent
/// "command". Throws Error(Invalid) where the whole does not make sense (agent "command" without a command,
/// an unknown template or agent, an agent without a prompt), naming the origin and
/// `subject`, which is 'changeling "NAME"' when it is empty.
Resolved resolve(const std::string& name, std::vector<RankedLayer> layers,
                 std::span<const Template> repository_templates = {},
                 const std::map<std::string, AgentType>& repository_agents = {}, std::string subject = "");

}  // namespace changeling
