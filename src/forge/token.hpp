#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::forge {

/// A token and where it was found. The value goes into the Authorization header and nowhere else.
struct Token {
  std::string value;
  std::string source;  ///< For messages: "GITHUB_TOKEN", "gh auth token".
};

/// Which credentials are wanted: those of `host`, for a repository whose path on it is `repository_path`.
struct TokenQuery {
  std::string host;             ///< "github.com".
  std::string repository_path;  ///< "OWNER/NAME.git", for credential helpers with credential.useHttpPath.
};

/// The first token found for the host, or nothing: in GITHUB_TOKEN and GH_TOKEN for github.com, *.ghe.com,
/// this machine and the host of GITHUB_SERVER_URL, in GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN for
/// others, then with `gh auth token` and `git credential fill`. Programs that are missing, fail or do not
/// answer in ten seconds are passed over; none of them can prompt. Throws Error(Invalid) when a variable
/// holds something that cannot be a token.
std::optional<Token> find_token(const TokenQuery& query, const Environment& environment,
                                ProcessRunner& runner, const std::filesystem::path& directory);

}  // namespace changeling::forge
