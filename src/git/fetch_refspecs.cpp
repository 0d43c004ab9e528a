#include "git/fetch_refspecs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changeling::git {
namespace {

/// As git matches one side of a refspec, which holds one '*' at most.
bool matches(const std::string& pattern, const std::string& reference) {
  const auto star = pattern.find('*');
  if (star == std::string::npos) return !pattern.empty() && pattern == reference;
  const std::string start = pattern.substr(0, star);
  const std::string end = pattern.substr(star + 1);
  return reference.size() >= start.size() + end.size() && reference.starts_with(start) &&
         reference.ends_with(end);
}

}  // namespace

bool writes_onto(const std::string& refspec, const std::string& reference) {
  const auto colon = refspec.find(':');
  return colon != std::string::npos && matches(refspec.substr(colon + 1), reference);
}

std::optional<std::string> remote_that_overwrites(const Repository& repository,
                                                  const std::string& reference) {
  for (const std::string& remote : repository.remotes()) {
    const auto refspecs = repository.config_all(fmt::format("remote.{}.fetch", remote));
    const auto any = [&](const auto& holds) { return std::any_of(refspecs.begin(), refspecs.end(), holds); };
    const bool is_spared = any([&](const std::string& refspec) {
      return refspec.starts_with('^') && matches(refspec.substr(1), reference);
    });
    if (!is_spared && any([&](const std::string& refspec) { return writes_onto(refspec, reference); }))
      return remote;
  }
  return std::nullopt;
}

}  // namespace changeling::git
