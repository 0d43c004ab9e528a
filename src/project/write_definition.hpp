#pragma once

#include <functional>
#include <string>

#include "project/definitions.hpp"
#include "project/project.hpp"

namespace changeling::project {

/// Whether a changeling must not be there yet, must be there, or may be either.
enum class Expectation { Missing, Present, Either };

/// Who writes: the user of this machine at their terminal, whose writing is an approval, or somebody whose
/// writing approves nothing.
enum class Author { User, Other };

/// A definition that was written, and whether it may run here.
struct Written {
  Resolved resolved;
  bool trusted = false;
};

/// Changes the definition on the state ref in one operation: `edit` gets what is there (empty when the state
/// holds nothing for the name) and returns what shall be. The result is resolved first, so that nothing that
/// cannot run is written.
/// What is new, or was trusted before, is approved by this act, unless it now uses a template or agent type
/// of the repository that the user has not seen at work; then a message says that it is not trusted. What
/// another author writes is trusted only if exactly that was approved before.
Written write_definition(Project& project, const std::string& name, Expectation expectation,
                         const std::string& kind, const std::function<Layer(Layer)>& edit,
                         Author author = Author::User);

/// Throws Error(NotFound) for a name that nothing defines, and Error(Refused) for one that only
/// `.changelings.toml` defines. A damaged one may go.
void require_removable(const DefinitionSet& set, const std::string& name);
/// Takes the definition from the state, in one operation, and its approval.
void remove_definition(Project& project, const std::string& name);

}  // namespace changeling::project
