#pragma once

#include <string>
#include <utility>
#include <vector>

namespace changeling::git {

/// Key and value, weakest first; keys normalized (config_overrides.hpp).
using ConfigEntries = std::vector<std::pair<std::string, std::string>>;

/// A file of configuration that git reads back as these entries, in this order. What includes other files is
/// left out: the entries have what stands in those. So is a key that git would not take.
std::string config_text(const ConfigEntries& entries);

/// The entries whose key begins with one of `prefixes`.
ConfigEntries with_prefix(const ConfigEntries& entries, const std::vector<std::string>& prefixes);

}  // namespace changeling::git
