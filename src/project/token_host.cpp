#include "project/token_host.hpp"

#include <fmt/format.h>

#include "forge/select.hpp"
#include "http/loopback.hpp"
#include "project/approvals.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

std::string host_of(const std::string& api_url) {
  const auto address = forge::parse_server_address(api_url);
  if (!address) return "";
  return http::is_loopback(address->host) ? "localhost" : address->host;
}

/// Nothing without a home folder, or before the repository has an identity.
std::optional<fs::path> note_of(Project& project) {
  const auto folder = find_user_folder(project.environment(), UserFolder::Data);
  const std::string id = repository_id(project.repository());
  if (!folder || id.empty()) return std::nullopt;
  return *folder / "token-hosts" / id;
}

/// What the user's configuration says for all repositories, which no repository can write.
bool is_users_own(Project& project, const std::string& host) {
  const ProcessResult result =
      project.git().run({"config", "--global", "--includes", "--get", "changeling.apiUrl"});
  return result.status.success() && host_of(std::string(trim(result.output))) == host;
}

}  // namespace

void require_token_host(Project& project, const std::string& api_url) {
  const auto note = note_of(project);
  if (!note) return;
  const std::string host = host_of(api_url);
  const auto noted = read_file_if_exists(*note);
  const std::string before = noted ? std::string(trim(*noted)) : "";
  if (before == host) return;
  if (!before.empty() && !is_users_own(project, host)) {
    throw Error(
        ErrorKind::Refused,
        fmt::format("the token of this repository has gone to {} so far and would now go to {}", before,
                    host),
        fmt::format("if that is what you want: git changeling config set changeling.apiUrl {}", api_url));
  }
  write_file(*note, host + "\n");
}

void forget_token_host(Project& project) {
  std::error_code ignored;
  if (const auto note = note_of(project)) fs::remove(*note, ignored);
}

}  // namespace changeling::project
