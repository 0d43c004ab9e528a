#pragma once

#include <functional>
#include <string>

#include "project/definitions.hpp"
#include "project/project.hpp"

namespace changeling::project {

/// Whether a changeling must not be there yet, must be there, or may be either.
enum class Expectation { Missing, Present, Either };

/// A definition that was written, and whether it may run here.
struct Written {
  Resolved resolved;
  bool trusted = false;
};

/// Changes the definition on the state ref in one operation: `edit` gets what is there (empty when the state
/// holds nothing for the name) and returns what shall be. The result is resolved first, so that nothing that
/// cannot run is written.
/// What is new, or was trusted before, is approved by this act, unless it now uses a template or agent type
/// of the repository that the user has not seen at work; then a message says that it is not trusted.
Written write_definition(Project& project, const std::string& name, Expectation expectation,
                         const std::string& kind, const std::function<Layer(Layer)>& edit);

}  // namespace changeling::project
