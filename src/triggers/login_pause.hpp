#pragma once

#include <optional>
#include <string>

#include "store/run_record.hpp"

namespace changeling::triggers {

/// What keeps a schedule from starting an agent that its last run found logged out.
struct LoginPause {
  std::string reason;  ///< One sentence with what to type.
  Timestamp until{};   ///< Then it is tried again in any case.
};

/// How long a schedule waits for a login before it tries whether there is one.
inline constexpr std::chrono::minutes login_patience{30};

/// Nothing where the newest run says nothing about the login, or where it was renewed since: a credential was
/// kept, or the program logged in. `agent` is the agent type that would start now.
std::optional<LoginPause> login_pause(const std::optional<store::RunRecord>& newest, const std::string& agent,
                                      std::optional<Timestamp> renewed_at, Timestamp now);

}  // namespace changeling::triggers
