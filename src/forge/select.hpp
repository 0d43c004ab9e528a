#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/branch_prefix.hpp"
#include "forge/token.hpp"

namespace changeling::forge {

inline constexpr std::string_view github_api_url = "https://api.github.com";

/// A repository on a host, as a remote's URL names it.
struct RemoteRepository {
  std::string host;  ///< Lower case, without user and port.
  std::string owner;
  std::string name;  ///< Without ".git".

  bool operator==(const RemoteRepository&) const = default;
};

/// Reads https://HOST/OWNER/NAME.git, ssh://USER@HOST:PORT/OWNER/NAME.git and USER@HOST:OWNER/NAME.git, each
/// with or without user, port, ".git" and final slash. Nothing for other URLs, paths and deeper ones.
std::optional<RemoteRepository> parse_remote_url(std::string_view url);

/// The parts of an address that matter for sending a token there.
struct ServerAddress {
  std::string scheme;     ///< "https" or "http".
  std::string authority;  ///< Host and port as written, in lower case.
  std::string host;       ///< Without port.

  bool same_origin(const ServerAddress& other) const {
    return scheme == other.scheme && authority == other.authority;
  }
};
/// Nothing unless it is an http or https address with a host and without user information.
std::optional<ServerAddress> parse_server_address(std::string_view url);

/// What the repository's configuration says; empty when a key is not set.
struct ForgeConfiguration {
  std::string forge;    ///< changeling.forge
  std::string api_url;  ///< changeling.apiUrl
  /// The remote's URLs: as git would use it, then as written in the configuration (url.*.insteadOf differs).
  std::vector<std::string> remote_urls;
  /// The same of the remote that branches are pushed to, when it is another one.
  std::vector<std::string> push_urls = {};
  std::string push_remote = {};  ///< Its name, for messages.
  BranchPrefix branch_prefix = {};
};

enum class ForgeKind { Local, GitHub };

struct ForgeChoice {
  ForgeKind kind = ForgeKind::Local;
  std::string reason;   ///< For people: why this forge.
  std::string warning;  ///< For people: the remote is on GitHub, but cannot be used. Mostly empty.
  std::string api_url;  ///< Below, only for GitHub. Without a final slash.
  RemoteRepository repository;
  std::optional<RemoteRepository> fork = {};  ///< Where branches are pushed, unless to `repository` itself.
  BranchPrefix branch_prefix = {};
  Token token;
};

using TokenFinder = std::function<std::optional<Token>(const TokenQuery&)>;

/// changeling.forge decides; without it, GitHub when a remote is on github.com or on the host of
/// changeling.apiUrl and a token is found, otherwise the local forge. Throws Error(Invalid) for values that
/// are not acceptable and Error(Refused) when GitHub is demanded but the remote or the token is missing.
/// Branches may go to a fork on the same host; Error(Refused) for one on another host.
/// `find_token` is only called when a GitHub remote is there. Without changeling.forge, an address of another
/// server is ignored for remotes on github.com: their token must not go there.
ForgeChoice choose_forge(const ForgeConfiguration& configuration, const TokenFinder& find_token);

}  // namespace changeling::forge
