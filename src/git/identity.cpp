#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "git/last_words.hpp"
#include "git/program.hpp"
#include "git/repository_state.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::git {
namespace {

/// "Name <email> seconds zone", the answer of `git var`.
std::optional<Identity> parse_identity(std::string_view text) {
  const auto open = text.find('<');
  const auto close = text.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  return Identity{std::string(trim(text.substr(0, open))),
                  std::string(text.substr(open + 1, close - open - 1))};
}

/// `url.BASE.insteadOf = START`: the longest start that fits is replaced, as git does it.
std::string rewritten(const std::string& url, const Configuration::Entries& entries) {
  constexpr std::string_view before = "url.";
  constexpr std::string_view after = ".insteadof";
  std::string_view base;
  std::string_view longest;
  for (const auto& [key, value] : entries) {
    if (!key.starts_with(before) || !key.ends_with(after) || key.size() <= before.size() + after.size())
      continue;
    if (value.empty() || !url.starts_with(value) || value.size() <= longest.size()) continue;
    base = std::string_view(key).substr(before.size(), key.size() - before.size() - after.size());
    longest = value;
  }
  return std::string(base) + url.substr(longest.size());
}

constexpr std::string_view remote_section = "remote.";
constexpr std::string_view url_variable = ".url";

}  // namespace

Identity Repository::user_identity() const {
  const auto entries = state_->configuration->entries();
  const auto first_of = [&](std::initializer_list<const char*> variables,
                            std::initializer_list<std::string_view> keys) -> std::string {
    for (const char* variable : variables) {
      if (auto value = state_->environment.get(variable); value && !value->empty()) return *value;
    }
    for (const std::string_view key : keys) {
      const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                      [&](const auto& entry) { return entry.first == key; });
      if (found != entries.rend() && !found->second.empty()) return found->second;
    }
    return "";
  };
  const bool nothing_guessed = config_bool("user.useConfigOnly", false);
  std::string name = first_of({"GIT_AUTHOR_NAME"}, {"author.name", "user.name"});
  std::string email = first_of({"GIT_AUTHOR_EMAIL"}, {"author.email", "user.email"});
  if (!name.empty() && !email.empty()) return {std::move(name), std::move(email)};

  // What git makes of the system's user, $EMAIL and the host's name.
  std::string words = "there is no git program";
  try {
    const ProcessResult answer = (*state_->ask_git)({"var", "GIT_AUTHOR_IDENT"});
    if (answer.status.success()) {
      if (const auto identity = parse_identity(answer.output)) return *identity;
    }
    words = last_words(answer);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
  }
  if (nothing_guessed) {
    throw Error(ErrorKind::Refused,
                fmt::format("user.useConfigOnly is set, and git has no identity: {}", words),
                "git config user.name 'Your Name' && git config user.email you@example.com");
  }
  return {name.empty() ? fallback_identity.name : name, email.empty() ? fallback_identity.email : email};
}

std::vector<std::string> Repository::remotes() const {
  std::set<std::string> names;
  for (const auto& [key, value] : state_->configuration->entries()) {
    if (!key.starts_with(remote_section) || !key.ends_with(url_variable)) continue;
    const std::size_t around = remote_section.size() + url_variable.size();
    if (key.size() > around) names.insert(key.substr(remote_section.size(), key.size() - around));
  }
  return {names.begin(), names.end()};
}

std::optional<std::string> Repository::remote_url(const std::string& remote) const {
  const auto entries = state_->configuration->entries();
  const std::string key = fmt::format("{}{}{}", remote_section, remote, url_variable);
  std::optional<std::string> url;
  for (const auto& [name, value] : entries) {
    if (name != key) continue;
    // The first is where git fetches from; an empty one forgets those before it (git 2.46).
    if (value.empty()) {
      url.reset();
    } else if (!url) {
      url = value;
    }
  }
  return url ? std::optional(rewritten(*url, entries)) : std::nullopt;
}

}  // namespace changeling::git
