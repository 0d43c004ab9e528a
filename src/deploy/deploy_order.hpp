#pragma once

#include <string>
#include <vector>

namespace changeling::deploy {

/// What `deploy` was told; what is empty comes from the configuration (docs/deploy.md).
struct DeployOrder {
  std::string name;
  bool dry_run = false;  ///< Nothing is written, called or noted.
  bool force = false;    ///< Replace a file that is not ours or was edited by hand.
  std::string action = {};
  std::string runner = {};
  std::string token_secret = {};
  std::string source = {};
  std::string secret = {};
  std::string file = {};
  std::vector<std::string> packages = {};
};

}  // namespace changeling::deploy
