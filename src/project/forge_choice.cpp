#include "project/forge_choice.hpp"

#include <fmt/format.h>

#include <thread>

#include "git/remote_choice.hpp"
#include "project/branch_prefix.hpp"
#include "project/token_host.hpp"
#include "support/error.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::project {
namespace {

/// A forge that asks for patience may ask for minutes; Ctrl-C must not have to wait for them.
void sleep_until_interrupted(Duration duration, const Interruption& interruption) {
  constexpr Duration slice = std::chrono::milliseconds(50);
  for (const auto end = std::chrono::steady_clock::now() + duration;
       std::chrono::steady_clock::now() < end;) {
    interruption.check("waiting for the forge");
    std::this_thread::sleep_for(slice);
  }
}

/// As git uses them, with url.*.insteadOf applied, and as the user wrote them.
std::vector<std::string> urls_of(const git::Repository& repository, const std::string& remote) {
  std::vector<std::string> urls;
  for (const auto& url :
       {repository.remote_url(remote), repository.config(fmt::format("remote.{}.url", remote))}) {
    if (url) urls.push_back(*url);
  }
  return urls;
}

}  // namespace

forge::ForgeChoice forge_choice(Project& project, const std::string& kind) {
  forge::ForgeConfiguration configuration;
  configuration.forge = kind.empty() ? project.repository().config("changeling.forge").value_or("") : kind;
  configuration.api_url = project.repository().config("changeling.apiUrl").value_or("");
  configuration.branch_prefix = branch_prefix(project.repository());
  if (!project.remote().empty()) {
    configuration.remote_urls = urls_of(project.repository(), project.remote());
    const git::RemoteChoice push = git::find_push_remote(project.repository(), project.remote());
    const std::string& pushed_to = push.name;
    // What only reads goes on; what pushes asks again and fails.
    if (!push.problem.empty())
      project.message(fmt::format("warning: {}, so no branch can be pushed ({})", push.problem, push.hint));
    if (pushed_to != project.remote()) {
      configuration.push_remote = pushed_to;
      configuration.push_urls = urls_of(project.repository(), pushed_to);
    }
  }
  forge::ForgeChoice choice = forge::choose_forge(configuration, [&](const forge::TokenQuery& query) {
    return forge::find_token(query, with_withheld_tokens(project.environment()), project.processes(),
                             project.repository().common_directory());
  });
  if (choice.kind == forge::ForgeKind::GitHub) require_token_host(project, choice.api_url);
  return choice;
}

http::RetryPolicy forge_patience(const Interruption& interruption) {
  http::RetryPolicy policy;
  policy.sleep = [&interruption](Duration duration) { sleep_until_interrupted(duration, interruption); };
  return policy;
}

}  // namespace changeling::project
