#include "forge/select.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/loopback.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::string_view github_api_host = "api.github.com";
constexpr std::string_view login_hint =
    "log in with `gh auth login`, or set GITHUB_TOKEN to a token with the permission \"Pull requests: "
    "write\"";

bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
         });
}

/// The host of "USER@HOST:PORT"; brackets of an IPv6 address stay.
std::string_view host_of_authority(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return authority.substr(0, colon);
}

std::optional<RemoteRepository> repository_at(std::string_view host, std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view owner = path.substr(0, slash);
  const std::string_view name = path.substr(slash + 1);
  if (host.empty() || !is_name(owner) || !is_name(name)) return std::nullopt;
  return RemoteRepository{to_lower(host), std::string(owner), std::string(name)};
}

/// Names under which git reaches GitHub: ssh.github.com answers SSH on the HTTPS port.
bool is_github_host(std::string_view host) {
  return host == "github.com" || host == "www.github.com" || host == "ssh.github.com";
}

struct Candidates {
  std::optional<RemoteRepository> on_github;  ///< The first URL on GitHub or on the configured server.
  std::optional<RemoteRepository> any;        ///< The first that names a repository on any host.
};

Candidates find_candidates(const ForgeConfiguration& configuration, const std::string& api_host) {
  Candidates candidates;
  for (const std::string& url : configuration.remote_urls) {
    const auto repository = parse_remote_url(url);
    if (!repository) continue;
    if (!candidates.any) candidates.any = repository;
    const bool matches = is_github_host(repository->host) || repository->host == api_host ||
                         fmt::format("api.{}", repository->host) == api_host;
    if (matches && !candidates.on_github) candidates.on_github = repository;
  }
  return candidates;
}

ServerAddress checked_api_address(const std::string& api_url) {
  const auto address = parse_server_address(api_url);
  if (!address) {
    // The value is not repeated: somebody may have written a token into it.
    throw Error(ErrorKind::Invalid,
                "changeling.apiUrl is not the address of a server without user information",
                "write it like https://HOST/api/v3: git config changeling.apiUrl ADDRESS");
  }
  if (address->scheme == "http" && !http::is_loopback(address->host)) {
    throw Error(
        ErrorKind::Invalid,
        fmt::format("changeling.apiUrl would send the token to {} without encryption", address->authority),
        "use https:// (http:// is only accepted for this machine itself)");
  }
  return *address;
}

/// The host whose token the interface at `api` gets. Credentials are kept for the host that git talks to,
/// which for GitHub is never the interface's own; a server on this machine stands for the remote's.
std::string token_host(const RemoteRepository& repository, const ServerAddress& api) {
  if (api.host == github_api_host || is_github_host(api.host)) return "github.com";
  if (http::is_loopback(api.host) && is_github_host(repository.host)) return "github.com";
  const bool same = repository.host == api.host || fmt::format("api.{}", repository.host) == api.host;
  return same ? repository.host : api.host;
}

TokenQuery token_query(const RemoteRepository& repository, const ServerAddress& api) {
  return {token_host(repository, api), fmt::format("{}/{}.git", repository.owner, repository.name)};
}

/// An address configured for a company's own server must not get the token of a repository on github.com,
/// unless somebody says so with changeling.forge. A server on this machine is a proxy or a test.
bool belongs_elsewhere(const RemoteRepository& repository, const ServerAddress& api) {
  return is_github_host(repository.host) && api.host != github_api_host && !is_github_host(api.host) &&
         !http::is_loopback(api.host);
}

/// The repository that branches are pushed to, when it is another than the one that gets the pull requests.
std::optional<RemoteRepository> fork_of(const ForgeConfiguration& configuration,
                                        const RemoteRepository& repository) {
  if (configuration.push_urls.empty()) return std::nullopt;
  for (const std::string& url : configuration.push_urls) {
    const auto fork = parse_remote_url(url);
    if (!fork) continue;
    const bool same_host =
        fork->host == repository.host || (is_github_host(fork->host) && is_github_host(repository.host));
    if (!same_host) continue;
    const bool itself = to_lower(fork->owner) == to_lower(repository.owner) &&
                        to_lower(fork->name) == to_lower(repository.name);
    return itself ? std::nullopt : fork;
  }
  throw Error(ErrorKind::Refused,
              fmt::format("branches go to the remote {}, which is no repository on {}, where pull requests "
                          "are opened",
                          configuration.push_remote, repository.host),
              "push to a fork there: git config changeling.pushRemote NAME");
}

ForgeChoice stay_local(const std::string& reason) {
  ForgeChoice choice;
  choice.reason = reason;
  return choice;
}

}  // namespace

std::optional<RemoteRepository> parse_remote_url(std::string_view url) {
  if (const auto scheme_end = url.find("://"); scheme_end != std::string_view::npos) {
    const std::string scheme = to_lower(url.substr(0, scheme_end));
    static constexpr std::string_view schemes[] = {"https", "http", "ssh", "git", "git+ssh", "ssh+git"};
    if (std::find(std::begin(schemes), std::end(schemes), scheme) == std::end(schemes)) return std::nullopt;
    const std::string_view rest = url.substr(scheme_end + 3);
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    return repository_at(host_of_authority(rest.substr(0, slash)), rest.substr(slash));
  }
  // git's rule: it is an address of another machine when a colon comes before the first slash.
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || url.find('/') < colon) return std::nullopt;
  return repository_at(host_of_authority(url.substr(0, colon)), url.substr(colon + 1));
}

std::optional<ServerAddress> parse_server_address(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  ServerAddress address;
  address.scheme = to_lower(url.substr(0, scheme_end));
  if (address.scheme != "https" && address.scheme != "http") return std::nullopt;
  const std::string_view rest = url.substr(scheme_end + 3);
  address.authority = to_lower(rest.substr(0, rest.find_first_of("/?#")));
  if (address.authority.find('@') != std::string::npos) return std::nullopt;
  address.host = host_of_authority(address.authority);
  if (address.host.empty()) return std::nullopt;
  return address;
}

ForgeChoice choose_forge(const ForgeConfiguration& configuration, const TokenFinder& find_token) {
  const std::string& forge = configuration.forge;
  if (!forge.empty() && forge != "local" && forge != "github") {
    throw Error(ErrorKind::Invalid, fmt::format("changeling.forge is '{}', which is no forge", forge),
                "allowed are local and github: git config changeling.forge local");
  }
  if (forge == "local") return stay_local("changeling.forge is local");

  std::string api_url(configuration.api_url.empty() ? github_api_url
                                                    : std::string_view(configuration.api_url));
  while (api_url.ends_with('/')) api_url.pop_back();
  ServerAddress api = checked_api_address(api_url);
  const Candidates candidates = find_candidates(configuration, api.host);
  const bool demanded = forge == "github";
  const auto repository = candidates.on_github || !demanded ? candidates.on_github : candidates.any;
  if (!repository) {
    if (!demanded) return stay_local("no remote is on GitHub");
    throw Error(ErrorKind::Refused,
                "changeling.forge is github, but the remote does not name OWNER/REPOSITORY on a host",
                "add one: git remote add origin https://github.com/OWNER/REPOSITORY.git");
  }
  if (!demanded && belongs_elsewhere(*repository, api)) {
    api_url = github_api_url;
    api = checked_api_address(api_url);
  }
  const TokenQuery query = token_query(*repository, api);
  const auto token = find_token(query);
  if (!token) {
    const std::string missing = fmt::format("no token for {} was found", query.host);
    if (demanded) throw Error(ErrorKind::Refused, missing, std::string(login_hint));
    ForgeChoice choice = stay_local(missing);
    choice.warning = fmt::format(
        "pull requests stay in this repository, because {}; {}, or say so for good: "
        "git config changeling.forge local",
        missing, login_hint);
    return choice;
  }
  ForgeChoice choice;
  choice.kind = ForgeKind::GitHub;
  choice.reason = fmt::format("{}/{} on {}, token from {}", repository->owner, repository->name,
                              repository->host, token->source);
  choice.api_url = api_url;
  choice.repository = *repository;
  choice.fork = fork_of(configuration, *repository);
  choice.branch_prefix = configuration.branch_prefix;
  choice.token = *token;
  return choice;
}

}  // namespace changeling::forge
