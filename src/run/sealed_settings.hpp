#pragma once

#include <memory>

#include "project/services.hpp"

namespace changeling::run {

/// While it lives, what the user's repository decides is what it was when this was made: settings, addresses
/// of remotes, what starts when git works there. An agent, or what it started, may have written others since.
class SealedSettings {
 public:
  SealedSettings(const project::Services& services, const project::RunFiles& files);
  SealedSettings(const SealedSettings&) = delete;
  SealedSettings& operator=(const SealedSettings&) = delete;
  ~SealedSettings();

 private:
  const project::Services& services_;
  std::filesystem::path folder_;
  std::shared_ptr<void> seal_;
};

}  // namespace changeling::run
