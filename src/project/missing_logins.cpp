#include "project/missing_logins.hpp"

#include <fmt/format.h>

#include "project/credentials.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

std::optional<Timestamp> changed_at(const fs::path& file) {
  std::error_code missing;
  const auto changed = fs::last_write_time(file, missing);
  if (missing) return std::nullopt;
  return std::chrono::floor<Duration>(fs::file_time_type::clock::to_sys(changed));
}

}  // namespace

fs::path claude_login_file(const Environment& environment) {
  const fs::path home = environment.get("HOME").value_or("/nonexistent");
  const fs::path folder = environment.get("CLAUDE_CONFIG_DIR").value_or((home / ".claude").string());
  return folder / ".credentials.json";
}

MissingLogins::MissingLogins(const Environment& environment) : environment_(environment) {
  if (const auto folder = find_user_folder(environment, UserFolder::State))
    root_ = *folder / "missing-logins";
}

/// "claude", or "claude+ANTHROPIC_API_KEY" where the environment gives that.
fs::path MissingLogins::file(const AgentType& agent) const {
  std::string name = agent.name;
  for (const std::string& variable : credential_variables(agent)) {
    if (is_given(environment_, variable)) name += "+" + variable;
  }
  return root_ / name;
}

void MissingLogins::note(const AgentType& agent, Timestamp started) const {
  if (root_.empty()) return;
  create_private_directories(root_);
  write_file(file(agent), Json{{"since", format_timestamp(started)}}.dump() + "\n");
}

void MissingLogins::forget(const AgentType& agent) const {
  if (root_.empty()) return;
  std::error_code ignored;
  fs::remove(file(agent), ignored);
}

std::optional<Timestamp> MissingLogins::renewed_at(const AgentType& agent) const {
  std::optional<Timestamp> renewed = changed_at(claude_login_file(environment_));
  for (const KeptCredential& kept : Credentials(environment_).list()) {
    if (kept.agent == agent.name) renewed = std::max(renewed.value_or(kept.kept_at), kept.kept_at);
  }
  return renewed;
}

std::optional<MissingLogin> MissingLogins::find(const AgentType& agent) const {
  if (root_.empty()) return std::nullopt;
  const auto text = read_file_if_exists(file(agent));
  if (!text) return std::nullopt;
  Timestamp since{};
  try {
    since = parse_timestamp(json_string(parse_json(*text, "a missing login"), "since").value_or(""));
  } catch (const Error&) {
    return std::nullopt;  // Cut off by a crash: one more try does no harm.
  }
  const auto renewed = renewed_at(agent);
  if (renewed && *renewed >= since) return std::nullopt;
  return MissingLogin{agent.name,
                      fmt::format("{0} is not logged in: git changeling credential set {0}", agent.name),
                      since, since + login_patience};
}

bool MissingLogins::none_noted() const {
  std::error_code missing;
  return root_.empty() || fs::is_empty(root_, missing) || missing;
}

}  // namespace changeling::project
