#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::server::access {

/// What a session may do.
enum class Role { Owner, Viewer };
std::string_view to_string(Role role);

/// Codes that make a session, each once and within two minutes. They stand in the fragment of a link, which
/// no browser sends to a server.
class LoginCodes {
 public:
  static constexpr Duration lifetime = std::chrono::seconds(120);

  /// A new code.
  std::string make(Role role, Timestamp now);
  /// What the code is for; it is used up by this. Nothing for one that is unknown, used or too old.
  std::optional<Role> take(const std::string& code, Timestamp now);

 private:
  struct Code {
    std::string digest;
    Role role = Role::Viewer;
    Timestamp made;
  };
  void forget_old(Timestamp now);

  std::vector<Code> codes_;
};

}  // namespace changeling::server::access
