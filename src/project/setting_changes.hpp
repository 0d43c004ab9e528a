#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"
#include "project/setting.hpp"

namespace changeling::project {

/// Why only somebody at the machine may change a setting, as a sentence without a full stop: it names a
/// program that is started, a host that is talked to or trusted, or a place. Empty for one that may be
/// changed over the network. A key that nobody has thought about is one of the former.
std::string why_only_here(const Setting& setting);

/// What is to become of this repository's own configuration.
struct SettingChange {
  const Setting* setting = nullptr;
  std::string value;   ///< Of one that is set.
  bool reset = false;  ///< It is taken back, so that what the user or the default says counts.
};

/// Checks all of them as reading does before the first one is written. Throws Error(Invalid) for a value that
/// reading would refuse, and Error(Refused) for what why_only_here() says.
void change_settings(Project& project, const std::vector<SettingChange>& changes);

}  // namespace changeling::project
