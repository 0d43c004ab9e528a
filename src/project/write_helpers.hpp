#pragma once

#include <functional>
#include <string>

#include "project/helpers.hpp"
#include "project/write_definition.hpp"

namespace changeling::project {

/// A sub-agent or skill that was written, and whether it is approved by itself.
template <typename Record>
struct WrittenHelper {
  Record record;
  bool is_new = false;  ///< Nothing of the name was on the state before; it may be built in.
  bool trusted = false;
};

/// Changes the sub-agent on the state ref in one operation: `edit` gets what there is under the name, also a
/// built-in one, or an empty one. Throws Error(NotFound) for a skill or agent type that is not there. What a
/// user writes is approved, and so stays what they had approved and what uses it; what another author writes
/// is not.
WrittenHelper<Subagent> write_subagent(Project& project, const std::string& name, Expectation expectation,
                                       const std::function<Subagent(Subagent)>& edit,
                                       Author author = Author::User);
/// The same for a skill, as a whole.
WrittenHelper<Skill> write_skill(Project& project, const Skill& skill, Expectation expectation,
                                 Author author = Author::User);

/// What is asked of every sub-agent that is written. Throws Error(Invalid) or Error(NotFound).
void check_usable(const Subagent& subagent, const DefinitionSet& set);

/// Take it from the state, in one operation, with its approval. Throw Error(NotFound), and Error(Refused) for
/// one that is built in. A damaged one may go.
void remove_subagent(Project& project, const std::string& name);
void remove_skill(Project& project, const std::string& name);

}  // namespace changeling::project
