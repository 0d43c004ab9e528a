#pragma once

#include <map>
#include <string>
#include <vector>

#include "changeling/fields.hpp"

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

/// Merges the layers by rank. The template is looked up through the merged value of `template` and joins as
/// SourceRank::Template. Throws Error(Invalid) where the whole does not make sense (agent "command" without
/// a command, an unknown template, …), naming the origin.
Resolved resolve(const std::string& name, std::vector<RankedLayer> layers);

}  // namespace changeling
