#include "webhooks/source_forge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "forge/api.hpp"
#include "project/forge_choice.hpp"
#include "support/json.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

/// The client must be there before the requests and after them.
struct Api {
  explicit Api(project::Project& project, forge::ForgeChoice choice)
      : client(project.interruption()),
        requests(client, project.clock(), project::forge_patience(project.interruption()),
                 std::move(choice)) {}

  http::CurlHttpClient client;
  forge::GitHubApi requests;
};

bool may_write(const Api& api, const Actor& actor) {
  if (actor.login.empty()) return false;
  const forge::GitHubApi::Purpose purpose{"ask what somebody may do", "Metadata: read"};
  const auto answer = api.requests.get_if_exists(
      fmt::format("/collaborators/{}/permission", forge::encoded(actor.login)), purpose);
  return answer && grants_writing(*answer, actor);
}

std::optional<Json> current(const Api& api, const Subject& subject) {
  const bool is_issue = subject.field == "issue";
  const forge::GitHubApi::Purpose purpose{is_issue ? "read an issue" : "read a pull request",
                                          is_issue ? "Issues: read" : "Pull requests: read"};
  return api.requests.get_if_exists(fmt::format("/{}/{}", is_issue ? "issues" : "pulls", subject.number),
                                    purpose);
}

}  // namespace

bool grants_writing(const Json& permission, const Actor& actor) {
  constexpr std::array writing{"write", "maintain", "admin", "owner"};
  if (text_at(permission, "/user/id") != actor.id) return false;
  const std::string word = text_at(permission, "/permission").value_or("");
  return std::find(writing.begin(), writing.end(), word) != writing.end();
}

std::optional<SourceForge> open_source_forge(project::Project& project) {
  forge::ForgeChoice choice = project::forge_choice(project);
  if (choice.kind != forge::ForgeKind::GitHub) return std::nullopt;
  const auto api = std::make_shared<Api>(project, std::move(choice));
  return SourceForge{
      api->requests.full_name(), [api](const Actor& actor) { return may_write(*api, actor); },
      [api](const Subject& subject) { return current(*api, subject); },
      [api](const std::string& etag) { return api->requests.news("/events?per_page=100", etag); }};
}

}  // namespace changeling::webhooks
