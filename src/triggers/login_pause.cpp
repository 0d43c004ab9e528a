#include "triggers/login_pause.hpp"

#include <fmt/format.h>

namespace changeling::triggers {
namespace {

/// As run/claude_launcher.cpp says it.
bool says_logged_out(const store::RunRecord& run) {
  return run.error.find(" is not logged in") != std::string::npos;
}

}  // namespace

std::optional<LoginPause> login_pause(const std::optional<store::RunRecord>& newest, const std::string& agent,
                                      std::optional<Timestamp> renewed_at, Timestamp now) {
  if (!newest || newest->agent != agent || !newest->ended_at || !says_logged_out(*newest))
    return std::nullopt;
  const Timestamp until = *newest->ended_at + login_patience;
  if (until <= now || (renewed_at && *renewed_at >= *newest->ended_at)) return std::nullopt;
  return LoginPause{fmt::format("{0} is not logged in: git changeling credential set {0}", agent), until};
}

}  // namespace changeling::triggers
