#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/listener.hpp"

namespace changeling::server {

inline constexpr std::string_view service_unit_name = "git-changeling-serve.service";
inline constexpr std::string_view socket_unit_name = "git-changeling-serve.socket";

/// What the user's systemd is to start.
struct UnitFacts {
  std::string program;             ///< Absolute path of git-changeling-serve.
  std::vector<std::string> words;  ///< Its options.
  std::string path;                ///< The PATH that agents are found on.
  Place place;                     ///< Where systemd listens for it.
};

/// The two unit files, as text (systemd.service(5), systemd.socket(5)). Pure.
std::string service_unit(const UnitFacts& facts);
std::string socket_unit(const UnitFacts& facts);

}  // namespace changeling::server
